"""What the promoter's role is for, and that of what renews snapshots after it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from infra.local.errors import StackMisbehaves
from infra.local.permissions.stage import Exercise, Stage, log_of, require


@contextmanager
def nobody_hears(stage: Stage) -> Iterator[None]:
    """A pointer that is written starts no renewal: two at once would be in each other's way."""
    events, place = stage.access.client("events"), {"Name": find_rule(stage)}
    events.disable_rule(**place)
    try:
        yield
    finally:
        events.enable_rule(**place)


def find_rule(stage: Stage) -> str:
    """That which starts the renewer."""
    events, renewer = stage.access.client("events"), stage.outputs["SnapshotRenewerFunction"]
    for page in events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            if any(f":{renewer}:" in target["Arn"] for target in targets):
                name: str = rule["Name"]
                return name
    raise StackMisbehaves("No rule starts the renewer.")


def live_version(stage: Stage) -> str:
    """Of the scoring function."""
    alias = stage.access.client("lambda").get_alias(
        FunctionName=stage.outputs["ScoreApiFunction"], Name="live"
    )
    version: str = alias["FunctionVersion"]
    return version


def go_back(stage: Stage) -> None:
    """From the version that serves to the other one that did, as from the page."""
    history = stage.ask("operator", "GET", "/promotions")["history"]
    serving = history[0]["version"]
    other = next(entry["version"] for entry in history if entry["version"] != serving)
    asked = {"version": other, "over": serving, "kind": "rollback", "reason": "An exercise"}
    done = stage.ask("operator", "POST", "/promotions", asked, status=201)
    require(done["champion"]["version"] == other, "another version serves")


def renew(stage: Stage) -> None:
    """The alias moves to a version that was published after the pointer was written."""
    event = {"detail": {"object": {"etag": secrets.token_hex(16)}}}
    version = stage.invoke("SnapshotRenewerFunction", event)["version"]
    require(live_version(stage) == version, "the alias was not moved")


PROMOTING: Final = (Exercise("a rollback", go_back), log_of("ModelPromoterFunction", go_back))
RENEWING: Final = (Exercise("a new snapshot", renew), log_of("SnapshotRenewerFunction", renew))
