"""A branch's file from the command line: send it, follow it, bring its results home."""
