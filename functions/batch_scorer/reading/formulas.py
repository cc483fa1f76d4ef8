"""A spreadsheet runs a cell that begins like a formula: unless an apostrophe stands before it."""


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a sender's text as a formula; numbers stay numbers."""
    raise NotImplementedError


def as_sent(text: str) -> str:
    """The text that `harmless` was given."""
    raise NotImplementedError
