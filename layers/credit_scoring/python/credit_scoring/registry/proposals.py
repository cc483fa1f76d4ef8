"""What was asked of the pointer from the page, and what a second person said to it.

proposals/<id>.json     one a request, whose id comes from who asked and their key

What a comparison speaks for, and what served before, one person asks for; anything else waits for
a second one. The file is written before the pointer is: who sends the same request again finds it,
and what became of it, however much happened since.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ArtifactMismatch, ObjectNotFound
from credit_scoring.registry.champion import Champion, Kind

PROPOSALS = "proposals/"
OPEN, APPROVED, WITHDRAWN = "open", "approved", "withdrawn"
# What has become of one, beside those: all was said and the pointer was not written yet; it was;
# another promotion came first.
UNFINISHED, IN_FORCE, VOID = "unfinished", "in_force", "void"
# Older ones are void, or in the history.
MOST_LISTED = 100


@dataclass(frozen=True)
class Proposal:
    """version, over : which should serve, and in place of which, None: nothing serves
    number : of the promotion that it would be: any other that takes it makes this one void
    by, at, reason : who proposed it, when (UTC) and why; refusals : what speaks against it
    needs_second : whether it waits for another person
    state : OPEN, APPROVED or WITHDRAWN; settled_by, settled_at, settled_reason : by whom it ended
    """

    id: str
    version: str
    kind: Kind
    over: str | None
    number: int
    by: str
    at: str
    reason: str
    refusals: tuple[str, ...]
    needs_second: bool
    state: str = OPEN
    settled_by: str = ""
    settled_at: str = ""
    settled_reason: str = ""

    @property
    def promoters(self) -> str:
        """As the pointer names them."""
        return f"{self.by}, {self.settled_by}" if self.state == APPROVED else self.by

    @property
    def full_reason(self) -> str:
        """As the pointer gives it: both persons' words, and what was overruled."""
        parts = [self.reason]
        if self.state == APPROVED:
            parts.append(f"Approved by {self.settled_by}: {self.settled_reason}")
        return " ".join([*parts, *(["Overruled:", *self.refusals] if self.refusals else [])])

    def became(self, champion: Champion) -> bool:
        """Whether this promotion is what was asked for here, and no other of the same number."""
        return (
            (champion.number, champion.version) == (self.number, self.version)
            and (champion.kind, champion.promoted_by) == (self.kind, self.promoters)
            and champion.reason == self.full_reason
        )

    def standing(self, history: Sequence[Champion]) -> str:
        """What has become of it; history : oldest first."""
        if any(self.became(champion) for champion in history):
            return IN_FORCE
        if self.state == WITHDRAWN:
            return WITHDRAWN
        if history and history[-1].number >= self.number:
            return VOID
        return OPEN if self.needs_second and self.state == OPEN else UNFINISHED


def proposal_id(by: str, key: str) -> str:
    """Of a person's intention, so that a retry finds the first proposal."""
    return hashlib.sha256(json.dumps([by, key]).encode()).hexdigest()[:32]


def propose(store: Store, proposal: Proposal) -> Proposal:
    """Keep it; the one that was kept under its id already, where there is one."""
    try:
        store.write(_key(proposal.id), _bytes(proposal), if_absent=True)
    except AlreadyExists:
        return read_proposal(store, proposal.id)[0]
    return proposal


def read_proposal(store: Store, id_: str) -> tuple[Proposal, str]:
    """With its tag. Raises ObjectNotFound, ArtifactMismatch for what is no proposal."""
    if not re.fullmatch("[0-9a-f]{32}", id_):
        raise ObjectNotFound(id_)
    content, tag = store.read_tagged(_key(id_))
    try:
        told = json.loads(content)
        found = Proposal(**told | {"refusals": tuple(told["refusals"])})
        if found.id != id_ or found.state not in (OPEN, APPROVED, WITHDRAWN):
            raise ValueError
        if not isinstance(found.number, int):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ArtifactMismatch(_key(id_), "a proposal", "something else") from None
    return found, tag


def settle(
    store: Store, proposal: Proposal, tag: str, *, state: str, by: str, at: str, reason: str
) -> Proposal:
    """Raises AlreadyExists when somebody settled it meanwhile."""
    settled = replace(proposal, state=state, settled_by=by, settled_at=at, settled_reason=reason)
    store.write(_key(proposal.id), _bytes(settled), if_tag=tag)
    return settled


def list_proposals(store: Store) -> list[Proposal]:
    """What waited for a second person, newest first; one that is damaged hides no other."""
    dated = sorted(store.list_dated(PROPOSALS), key=lambda found: found[1], reverse=True)
    found = []
    for key, _ in dated[:MOST_LISTED]:
        try:
            proposal, _ = read_proposal(store, key.removeprefix(PROPOSALS).removesuffix(".json"))
        except (ArtifactMismatch, ObjectNotFound):
            continue
        if proposal.needs_second:
            found.append(proposal)
    return sorted(found, key=lambda proposal: proposal.at, reverse=True)


def _key(id_: str) -> str:
    return f"{PROPOSALS}{id_}.json"


def _bytes(proposal: Proposal) -> bytes:
    return json.dumps(asdict(proposal), indent=1, ensure_ascii=False).encode()
