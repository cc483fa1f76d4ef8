"""How French is set: a space stands before : ; ! ? % € and inside « », and no line breaks there.

The page does the same to its own texts (`frontend/js/core/language.js`).
"""

import re

_UNBROKEN = re.compile("(?<=«) | (?=[:;!?%€»])")
_SPACE = "\u202f"
# Between the parts of a list, by language.
BETWEEN = {"fr": _SPACE + "; ", "en": "; "}


def french_spaces(text: str) -> str:
    """Narrow no-break spaces where a plain one would let a line begin with a mark."""
    return _UNBROKEN.sub(_SPACE, text)
