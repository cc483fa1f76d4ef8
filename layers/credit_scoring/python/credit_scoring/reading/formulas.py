"""A spreadsheet runs a cell that begins like a formula, unless an apostrophe stands before it."""

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str, decimal: str = ".") -> str:
    """Keep a spreadsheet from running a sender's text as a formula; numbers stay numbers."""
    if text.startswith(_SIGNS) and not _is_number(text, decimal):
        return f"'{text}"
    return text


def as_sent(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_SIGNS) else text


def _is_number(text: str, decimal: str) -> bool:
    try:
        float(text.replace(decimal, "."))
    except ValueError:
        return False
    return True
