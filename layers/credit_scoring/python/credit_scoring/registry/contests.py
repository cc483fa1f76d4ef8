"""What a comparison of two versions found, kept beside the models: who promotes later reads it.

contests/<challenger>-<champion>.json     <champion> is "none" where nothing served
"""

import json
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import ObjectNotFound

CONTESTS, NOBODY = "contests/", "none"


def write_contest(
    store: Store, challenger: str, champion: str | None, content: dict[str, Any]
) -> None:
    """Over an older one of the same two: the newest comparison counts.

    content : `refusals`, why the challenger should not serve, and what was compared
    """
    named = content | _names(challenger, champion)
    data = json.dumps(named, indent=1, allow_nan=False).encode()
    store.write(contest_key(challenger, champion), data, content_type="application/json")


def read_contest(store: Store, challenger: str, champion: str | None) -> dict[str, Any] | None:
    """None where the two were never compared, or what lies there is no comparison of theirs."""
    names = _names(challenger, champion)
    try:
        content = json.loads(store.read(contest_key(challenger, champion)))
        if {name: content[name] for name in names} != names:
            return None
        refusals = content["refusals"]
    except (ObjectNotFound, ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(refusals, list) or not all(isinstance(each, str) for each in refusals):
        return None
    found: dict[str, Any] = content
    return found


def contest_key(challenger: str, champion: str | None) -> str:
    return f"{CONTESTS}{challenger}-{champion or NOBODY}.json"


def _names(challenger: str, champion: str | None) -> dict[str, str | None]:
    """A file under another name is another comparison."""
    return {"challenger_version": challenger, "champion_version": champion}
