"""The application tables: who applies, for what loan, and who defaults."""
