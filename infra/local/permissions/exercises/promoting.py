"""What the promoter's role is for, and that of what renews snapshots after it."""

from __future__ import annotations

import secrets
from typing import Final

from infra.local.permissions.stage import Exercise, Stage, log_of, require


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
    alias = stage.access.client("lambda").get_alias(
        FunctionName=stage.outputs["ScoreApiFunction"], Name="live"
    )
    require(alias["FunctionVersion"] == version, "the alias was not moved")


PROMOTING: Final = (Exercise("a rollback", go_back), log_of("ModelPromoterFunction", go_back))
RENEWING: Final = (Exercise("a new snapshot", renew), log_of("SnapshotRenewerFunction", renew))
