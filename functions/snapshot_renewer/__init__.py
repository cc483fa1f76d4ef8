"""The one function that may put a new snapshot of the scoring function behind its alias."""
