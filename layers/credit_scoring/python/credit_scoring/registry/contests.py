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
    """Over an older one of the same two: the newest comparison counts."""
    data = json.dumps(content, indent=1, allow_nan=False).encode()
    store.write(_key(challenger, champion), data, content_type="application/json")


def read_contest(store: Store, challenger: str, champion: str | None) -> dict[str, Any] | None:
    """None where the two were never compared, or what lies there is no comparison of theirs."""
    try:
        content = json.loads(store.read(_key(challenger, champion)))
    except (ObjectNotFound, ValueError):
        return None
    if not isinstance(content, dict) or not isinstance(content.get("refusals"), list):
        return None
    return content


def _key(challenger: str, champion: str | None) -> str:
    return f"{CONTESTS}{challenger}-{champion or NOBODY}.json"
