"""A spreadsheet runs a cell that begins like a formula, unless an apostrophe stands before it.

Where it splits at another mark than the file does, a cell may begin in the middle of a text.
"""

import re

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SIGN = "".join(re.escape(sign) for sign in _SIGNS)
_INSIDE = re.compile(f"(?<=[,;|\t])(?=[{_SIGN}])")
# The same in the bytes of a field, whose text need not be known.
_INSIDE_BYTES = re.compile(
    b"(?<=[,;|\t])(?=" + b"|".join(re.escape(sign.encode()) for sign in _SIGNS) + b")"
)
_INSIDE_HARMLESS = re.compile(f"(?<=[,;|\t])'(?=[{_SIGN}])")


def harmless(text: str, decimal: str = ".") -> str:
    """Keep a spreadsheet from running a sender's text as a formula; numbers stay numbers."""
    if text.isalnum():  # nearly all ids
        return text
    text = _INSIDE.sub("'", text)
    if text.startswith(_SIGNS) and not _is_number(text, decimal):
        return f"'{text}"
    return text


def harmless_inside(field: bytes) -> bytes:
    """What `harmless` does behind other marks than the file's, without reading the field."""
    return _INSIDE_BYTES.sub(b"'", field)


def as_sent(text: str) -> str:
    """The text that `harmless` was given."""
    text = text[1:] if text.startswith("'") and text[1:].startswith(_SIGNS) else text
    return _INSIDE_HARMLESS.sub("", text)


def _is_number(text: str, decimal: str) -> bool:
    try:
        float(text.replace(decimal, "."))
    except ValueError:
        return False
    return not text[0].isspace()
