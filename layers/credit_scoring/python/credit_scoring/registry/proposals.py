"""Promotions that one person may not make alone, until a second one approves or withdraws them.

proposals/<id>.json     rewritten when it is settled; a promotion that follows is in the history
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ArtifactMismatch, ObjectNotFound

PROPOSALS = "proposals/"
OPEN, APPROVED, WITHDRAWN = "open", "approved", "withdrawn"


@dataclass(frozen=True)
class Proposal:
    """version, over : which should serve, and in place of which
    by, at, reason : who proposed it, when (UTC) and why; refusals : what speaks against it
    state : OPEN, APPROVED or WITHDRAWN; settled_by, settled_at, settled_reason : by whom it ended
    """

    id: str
    version: str
    over: str
    by: str
    at: str
    reason: str
    refusals: tuple[str, ...]
    state: str = OPEN
    settled_by: str = ""
    settled_at: str = ""
    settled_reason: str = ""


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
        return Proposal(**told | {"refusals": tuple(told["refusals"])}), tag
    except (ValueError, TypeError, KeyError):
        raise ArtifactMismatch(_key(id_), "a proposal", "something else") from None


def settle(
    store: Store, proposal: Proposal, tag: str, *, state: str, by: str, at: str, reason: str
) -> Proposal:
    """Raises AlreadyExists when somebody settled it meanwhile."""
    settled = replace(proposal, state=state, settled_by=by, settled_at=at, settled_reason=reason)
    store.write(_key(proposal.id), _bytes(settled), if_tag=tag)
    return settled


def list_proposals(store: Store) -> list[Proposal]:
    """Newest first."""
    ids = [key.removeprefix(PROPOSALS).removesuffix(".json") for key in store.list(PROPOSALS)]
    found = [read_proposal(store, id_)[0] for id_ in ids]
    return sorted(found, key=lambda proposal: proposal.at, reverse=True)


def _key(id_: str) -> str:
    return f"{PROPOSALS}{id_}.json"


def _bytes(proposal: Proposal) -> bytes:
    return json.dumps(asdict(proposal), indent=1, ensure_ascii=False).encode()
