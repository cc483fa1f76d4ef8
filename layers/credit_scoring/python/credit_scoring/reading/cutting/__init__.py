"""Text cut into records and fields: in Python, which is the reference, and in C, which is fast."""
