"""Which version serves: alone where a comparison speaks for it, with a second person where not.

The order of writes makes it safe to be stopped at any moment: first the request, with who asked and
who approved, then the pointer, in one conditional write. The same request again goes on from there.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound
from credit_scoring.registry.bundle import load_working_model
from credit_scoring.registry.champion import (
    Champion,
    Pointer,
    history_until,
    next_number,
    promote,
    read_pointer,
    supersede_before,
)
from credit_scoring.registry.contests import read_contest
from credit_scoring.registry.proposals import (
    APPROVED,
    IN_FORCE,
    OPEN,
    UNFINISHED,
    VOID,
    WITHDRAWN,
    Proposal,
    list_proposals,
    proposal_id,
    propose,
    read_proposal,
    settle,
)

from functions.model_promoter.asked import APPROVE, PROMOTE, ROLL_BACK, WITHDRAW, Asked
from functions.model_promoter.refusal import Refused

SERVES, PROPOSED, TAKEN_BACK = "serves", "proposed", "withdrawn"
NEVER_COMPARED = "It was never compared with the version that serves."


@dataclass(frozen=True)
class Done:
    """champion : what the pointer says by it, None where it waits or was withdrawn
    moved : whether it was this very call that wrote the pointer
    """

    outcome: str
    proposal: Proposal
    champion: Champion | None = None
    moved: bool = False

    @property
    def content(self) -> dict[str, Any]:
        told = {"outcome": self.outcome}
        if self.champion:
            return told | {"champion": dict(vars(self.champion))}
        return told | {"proposal": asdict(self.proposal)}


@dataclass(frozen=True)
class Standing:
    """What serves and did, as one reading of the pointer found it."""

    pointer: Pointer
    history: list[Champion]

    @classmethod
    def of(cls, store: Store) -> "Standing":
        pointer = read_pointer(store)
        return cls(pointer, history_until(store, pointer))

    @property
    def version(self) -> str | None:
        """None where nothing serves, or the pointer is damaged: a promotion is what repairs it."""
        return self.pointer.champion.version if self.pointer.champion else None


def act(store: Store, asked: Asked) -> Done:
    """Raises Refused, PromotionConflict, ArtifactError for a version that does not work."""
    return _ACTIONS[asked.action](store, asked)


def _ask(store: Store, asked: Asked) -> Done:
    """For another version; a request that is known already is gone on with."""
    try:
        proposal, _ = read_proposal(store, proposal_id(asked.by, asked.key))
    except ObjectNotFound:
        proposal = propose(store, _make(store, asked))
    if not _is_of(proposal, asked):
        raise Refused(
            HTTPStatus.CONFLICT,
            "Key already used",
            "This key belongs to another promotion: use a new one.",
        )
    return _go_on(store, proposal)


def _make(store: Store, asked: Asked) -> Proposal:
    """Checked against what serves; nobody is asked to approve what cannot serve."""
    standing, rolls_back = Standing.of(store), asked.action == ROLL_BACK
    _require_seen(standing, asked)
    if rolls_back and asked.version not in {entry.version for entry in standing.history}:
        raise Refused(
            HTTPStatus.CONFLICT,
            "Never served",
            "This version never served: promote it instead.",
        )
    load_working_model(store, asked.version)
    # A rollback is urgent, so one person does it.
    refusals = () if rolls_back else _find_refusals(store, asked.version, standing.version)
    if refusals and _waits(store, asked.version, standing):
        raise Refused(
            HTTPStatus.CONFLICT,
            "Proposed already",
            "This version waits for a second person already: approve or withdraw that proposal.",
        )
    return Proposal(
        id=proposal_id(asked.by, asked.key),
        version=asked.version,
        kind="rollback" if rolls_back else "promotion",
        over=standing.version,
        number=next_number(store, standing.pointer),
        by=asked.by,
        at=_now(),
        reason=asked.reason,
        refusals=refusals,
        needs_second=bool(refusals),
    )


def _find_refusals(store: Store, version: str, champion: str | None) -> tuple[str, ...]:
    contest = read_contest(store, version, champion)
    return (NEVER_COMPARED,) if contest is None else tuple(contest["refusals"])


def _waits(store: Store, version: str, standing: Standing) -> bool:
    return any(
        other.version == version and other.standing(standing.history) == OPEN
        for other in list_proposals(store)
    )


def _is_of(proposal: Proposal, asked: Asked) -> bool:
    kind = "rollback" if asked.action == ROLL_BACK else "promotion"
    return (proposal.version, proposal.kind, proposal.over, proposal.by, proposal.reason) == (
        asked.version, kind, asked.over or None, asked.by, asked.reason,
    )  # fmt: skip


def _approve(store: Store, asked: Asked) -> Done:
    """One that was approved and then stopped, anybody but who proposed it may finish."""
    proposal, tag = _find_proposal(store, asked)
    if asked.by == proposal.by:
        raise Refused(
            HTTPStatus.FORBIDDEN, "Forbidden", "You proposed it: a colleague has to approve it."
        )
    standing = proposal.standing(Standing.of(store).history)
    if standing == IN_FORCE and asked.by == proposal.settled_by:
        return _go_on(store, proposal)
    _require(standing, OPEN, UNFINISHED)
    load_working_model(store, proposal.version)
    # Marked first: of two who answer at once one wins, and only that one moves the pointer.
    if standing == OPEN:
        proposal = _settle(store, proposal, tag, asked, APPROVED)
    return _go_on(store, proposal)


def _withdraw(store: Store, asked: Asked) -> Done:
    """What still waits, or is void; what was approved may be on its way into the pointer."""
    proposal, tag = _find_proposal(store, asked)
    if proposal.state == WITHDRAWN and proposal.settled_by == asked.by:
        return Done(TAKEN_BACK, proposal)
    if proposal.state != OPEN or not proposal.needs_second:
        raise _settled()
    return Done(TAKEN_BACK, _settle(store, proposal, tag, asked, WITHDRAWN))


def _find_proposal(store: Store, asked: Asked) -> tuple[Proposal, str]:
    try:
        return read_proposal(store, asked.proposal)
    except ObjectNotFound:
        raise Refused(
            HTTPStatus.NOT_FOUND, "Proposal not found", "There is no such proposal."
        ) from None


def _settle(store: Store, proposal: Proposal, tag: str, asked: Asked, state: str) -> Proposal:
    try:
        return settle(
            store, proposal, tag, state=state, by=asked.by, at=_now(), reason=asked.reason
        )
    except AlreadyExists:
        raise _settled() from None


def _require(standing: str, *allowed: str) -> None:
    if standing == VOID:
        raise Refused(
            HTTPStatus.CONFLICT,
            "Void",
            "Another version was promoted since: look again, then ask for it anew.",
        )
    if standing not in allowed:
        raise _settled()


def _settled() -> Refused:
    return Refused(
        HTTPStatus.CONFLICT,
        "Settled already",
        "Somebody was faster: this proposal is settled. Reload the page.",
    )


def _require_seen(standing: Standing, asked: Asked) -> None:
    """Who decided while looking at another champion is told, also where it is what they want."""
    serving = standing.pointer.champion
    if standing.version != (asked.over or None):
        who = f"{serving.version}, set by {serving.promoted_by}," if serving else "No version"
        raise Refused(
            HTTPStatus.CONFLICT, "Another version serves", f"{who} serves meanwhile: look again."
        )
    if standing.version == asked.version:
        raise Refused(
            HTTPStatus.CONFLICT, "Serves already", "This version serves: there is nothing to do."
        )


def _go_on(store: Store, proposal: Proposal) -> Done:
    """From where it stands: for one request the pointer is written once."""
    standing = Standing.of(store)
    became = proposal.standing(standing.history)
    if became == IN_FORCE:
        [entry] = [entry for entry in standing.history if proposal.became(entry)]
        supersede_before(store, entry)  # whoever wrote the pointer may have been stopped then
        return Done(SERVES, proposal, entry)
    if became == OPEN:
        return Done(PROPOSED, proposal)
    _require(became, UNFINISHED)
    return Done(SERVES, proposal, _point(store, proposal, standing.pointer), moved=True)


def _point(store: Store, proposal: Proposal, over: Pointer) -> Champion:
    """The version is loaded and verified before anything points to it."""
    model = load_working_model(store, proposal.version)
    return promote(
        store,
        version=model.version,
        sha256=model.sha256,
        by=proposal.promoters,
        reason=proposal.full_reason,
        kind=proposal.kind,
        forced=bool(proposal.refusals),
        over=over,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_ACTIONS: dict[str, Callable[[Store, Asked], Done]] = {
    PROMOTE: _ask,
    ROLL_BACK: _ask,
    APPROVE: _approve,
    WITHDRAW: _withdraw,
}
