"""Which version serves: alone where a comparison speaks for it, with a second person where not."""

from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound
from credit_scoring.registry.bundle import load_working_model
from credit_scoring.registry.champion import (
    Champion,
    Kind,
    Pointer,
    promote,
    read_champion,
    read_history,
    read_pointer,
)
from credit_scoring.registry.contests import read_contest
from credit_scoring.registry.proposals import (
    APPROVED,
    OPEN,
    WITHDRAWN,
    Proposal,
    proposal_id,
    propose,
    read_proposal,
    settle,
)

from functions.model_promoter.asked import APPROVE, PROMOTE, ROLL_BACK, Asked
from functions.model_promoter.refusal import Refused

SERVES, PROPOSED, TAKEN_BACK = "serves", "proposed", "withdrawn"
NEVER_COMPARED = "It was never compared with the version that serves."


def act(store: Store, asked: Asked) -> dict[str, Any]:
    """Raises Refused, PromotionConflict, ArtifactError for a version that does not work."""
    if asked.action == PROMOTE:
        return _promote(store, asked)
    if asked.action == ROLL_BACK:
        return _roll_back(store, asked)
    return _approve(store, asked) if asked.action == APPROVE else _withdraw(store, asked)


def _promote(store: Store, asked: Asked) -> dict[str, Any]:
    pointer, serving = _look(store)
    if serving.version == asked.version:
        return _served(serving)
    _require_seen(serving, asked.over)
    contest = read_contest(store, asked.version, serving.version)
    refusals = [NEVER_COMPARED] if contest is None else list(map(str, contest["refusals"]))
    if not refusals:
        return _point(store, asked.version, asked.by, asked.reason, pointer)
    load_working_model(store, asked.version)  # nobody is asked to approve what cannot serve
    proposal = propose(
        store,
        Proposal(
            id=proposal_id(asked.by, asked.key),
            version=asked.version,
            over=serving.version,
            by=asked.by,
            at=_now(),
            reason=asked.reason,
            refusals=tuple(refusals),
        ),
    )
    return {"outcome": PROPOSED, "proposal": asdict(proposal), "champion": vars(serving)}


def _roll_back(store: Store, asked: Asked) -> dict[str, Any]:
    """Urgent, so one person does it; only to what has served."""
    pointer, serving = _look(store)
    if serving.version == asked.version:
        return _served(serving)
    _require_seen(serving, asked.over)
    if asked.version not in {entry.version for entry in read_history(store)}:
        raise Refused(
            HTTPStatus.CONFLICT,
            "Never served",
            "This version never served: promote it instead.",
        )
    return _point(store, asked.version, asked.by, asked.reason, pointer, kind="rollback")


def _approve(store: Store, asked: Asked) -> dict[str, Any]:
    proposal, tag = _find_proposal(store, asked)
    if asked.by == proposal.by:
        raise Refused(
            HTTPStatus.FORBIDDEN, "Forbidden", "You proposed it: a colleague has to approve it."
        )
    # Approved by the same person, who was stopped before it served: the retry goes on.
    is_retry = proposal.state == APPROVED and proposal.settled_by == asked.by
    if not is_retry:
        _require_open(proposal)
    pointer, serving = _look(store)
    if is_retry and serving.version == proposal.version:
        return _served(serving)
    if serving.version != proposal.over:
        raise Refused(
            HTTPStatus.CONFLICT,
            "Void",
            "Another version serves since it was proposed: withdraw it, then propose it anew.",
        )
    reason = (
        f"{proposal.reason} Approved by {asked.by}: {asked.reason} "
        f"Overruled: {' '.join(proposal.refusals)}"
    )
    # Marked first: of two who answer at once one wins, and only that one moves the pointer.
    if not is_retry:
        _settle(store, proposal, tag, asked, APPROVED)
    return _point(store, proposal.version, proposal.by, reason, pointer, forced=True)


def _withdraw(store: Store, asked: Asked) -> dict[str, Any]:
    proposal, tag = _find_proposal(store, asked)
    _require_open(proposal)
    settled = _settle(store, proposal, tag, asked, WITHDRAWN)
    return {"outcome": TAKEN_BACK, "proposal": asdict(settled)}


def _find_proposal(store: Store, asked: Asked) -> tuple[Proposal, str]:
    try:
        return read_proposal(store, asked.proposal)
    except ObjectNotFound:
        raise Refused(
            HTTPStatus.NOT_FOUND, "Proposal not found", "There is no such proposal."
        ) from None


def _require_open(proposal: Proposal) -> None:
    if proposal.state != OPEN:
        raise _settled(proposal.state)


def _settle(store: Store, proposal: Proposal, tag: str, asked: Asked, state: str) -> Proposal:
    try:
        return settle(
            store, proposal, tag, state=state, by=asked.by, at=_now(), reason=asked.reason
        )
    except AlreadyExists:
        raise _settled("settled") from None


def _settled(state: str) -> Refused:
    return Refused(
        HTTPStatus.CONFLICT,
        "Settled already",
        f"Somebody was faster: this proposal is {state}. Reload the page.",
    )


def _look(store: Store) -> tuple[Pointer, Champion]:
    """The pointer, and what serves. Raises NoModelYet, ArtifactMismatch for a damaged pointer."""
    pointer = read_pointer(store)
    return pointer, pointer.champion or read_champion(store)


def _require_seen(serving: Champion, over: str) -> None:
    """Who decided while looking at another champion is told."""
    if serving.version != over:
        raise Refused(
            HTTPStatus.CONFLICT,
            "Another version serves",
            f"{serving.version} serves meanwhile, set by {serving.promoted_by}: look again.",
        )


def _point(
    store: Store,
    version: str,
    by: str,
    reason: str,
    pointer: Pointer,
    *,
    kind: Kind = "promotion",
    forced: bool = False,
) -> dict[str, Any]:
    """The version is loaded and verified before anything points to it."""
    model = load_working_model(store, version)
    champion = promote(
        store,
        version=model.version,
        sha256=model.sha256,
        by=by,
        reason=reason,
        kind=kind,
        forced=forced,
        over=pointer,
    )
    return _served(champion)


def _served(champion: Champion) -> dict[str, Any]:
    return {"outcome": SERVES, "champion": vars(champion)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
