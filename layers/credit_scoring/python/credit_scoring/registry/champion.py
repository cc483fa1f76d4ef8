"""Which version serves, and which ones did.

    models/champion.json                     the pointer: the newest promotion
    models/champions/000007-<version>.json   each earlier one, as the pointer said it

The pointer alone is the truth, and it is the newest entry of the history. Before it is replaced
it is copied to the history, under its number: a crash between the two writes leaves a copy of what
still serves, which reading passes over; never a gap, and never a promotion that did not happen.
Serving reads the pointer, and whether its number was superseded. It is written only over the
pointer that was read before, so of two who promote at once the second is told.
"""

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from credit_scoring.aws.clients import PARALLEL_CALLS
from credit_scoring.aws.storage import Store
from credit_scoring.errors import (
    AlreadyExists,
    ArtifactMismatch,
    NoEarlierChampion,
    NoModelYet,
    ObjectNotFound,
    PromotionConflict,
)
from credit_scoring.registry.seal import Seal, seal_of
from credit_scoring.registry.superseded import is_superseded, numbers_given, supersede

CHAMPION, HISTORY = "champion.json", "champions/"
# Beside the champion's own facts, in the same file.
SEAL = "seal"
VERSION_LENGTH = 12

Kind = Literal["promotion", "rollback"]


@dataclass(frozen=True)
class Champion:
    """The pointer to the serving version, and who set it when and why.

    replaced : the version that served before; None for the first
    forced : whether it was promoted although the comparison refused it
    number : counts promotions and rollbacks, from 1
    """

    version: str
    sha256: str
    promoted_at: str
    promoted_by: str
    reason: str
    replaced: str | None = None
    kind: Kind = "promotion"
    forced: bool = False
    number: int = 1


@dataclass(frozen=True)
class Pointer:
    """What stood in the pointer when it was read.

    champion : None when nothing was ever promoted, or when the content is no pointer
    content, tag : its bytes, and what a conditional write knows them by; empty when there is none
    """

    champion: Champion | None
    content: bytes = b""
    tag: str = ""


def read_champion(store: Store) -> Champion:
    """Raises NoModelYet when nothing was ever promoted, ArtifactMismatch for no sealed pointer."""
    pointer = read_pointer(store)
    if pointer.champion is None and not pointer.tag:
        raise NoModelYet(CHAMPION)
    if pointer.champion is None:
        _parse(CHAMPION, pointer.content)
        raise ArtifactMismatch(
            CHAMPION, "the newest pointer under the seal of who may promote", "another one"
        )
    return pointer.champion


def read_pointer(store: Store, *, seal: Seal | None = None) -> Pointer:
    """As it stands there, damaged, forged, put back or missing: a promotion is what repairs it.

    seal : what it must carry; default: the deployment's, none in a folder
    Raises StorageError when the seal cannot be checked.
    """
    seal = seal or seal_of(store)
    found = _read_sealed(store, seal)
    if _is_current(store, found, seal):
        return found
    # Replaced since it was read, or put back: in that case it stands there still.
    found = _read_sealed(store, seal)
    return found if _is_current(store, found, seal) else replace(found, champion=None)


def _is_current(store: Store, found: Pointer, seal: Seal | None) -> bool:
    """Without a seal a number proves nothing."""
    return not (seal and found.champion and is_superseded(store, found.champion.number))


def _read_sealed(store: Store, seal: Seal | None) -> Pointer:
    try:
        content, tag = store.read_tagged(CHAMPION)
    except ObjectNotFound:
        return Pointer(None)
    with suppress(ArtifactMismatch):
        champion = _parse(CHAMPION, content)
        if not seal or seal.holds(_write(champion), json.loads(content).get(SEAL)):
            return Pointer(champion, content, tag)
    return Pointer(None, content, tag)


def read_history(store: Store) -> list[Champion]:
    """Every promotion and rollback, oldest first; the last one serves."""
    return history_until(store, read_pointer(store))


def history_until(store: Store, pointer: Pointer) -> list[Champion]:
    """The same, as it was when the pointer was read."""
    newest = pointer.champion
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        entries = list(pool.map(lambda key: _parse(key, store.read(key)), store.list(HISTORY)))
    if newest is None:
        return entries
    return [entry for entry in entries if entry.number < newest.number] + [newest]


def previous_champion(history: Sequence[Champion]) -> Champion:
    """The one to go back to: a rollback takes back a promotion, a second one the promotion before.

    history : oldest first
    Raises NoEarlierChampion.
    """
    standing: list[Champion] = []  # promotions that were not taken back
    for entry in history:
        versions = [champion.version for champion in standing]
        if entry.kind == "rollback" and entry.version in versions:
            del standing[versions.index(entry.version) + 1 :]
        elif versions[-1:] != [entry.version]:
            standing.append(entry)
    if len(standing) < 2:
        raise NoEarlierChampion
    return standing[-2]


def promote(
    store: Store,
    *,
    version: str,
    sha256: str,
    by: str,
    reason: str,
    kind: Kind = "promotion",
    forced: bool = False,
    over: Pointer | None = None,
    seal: Seal | None = None,
) -> Champion:
    """Point the serving side to a version, whose bundle the caller has loaded.

    over : the pointer on which the decision rests; by default the one that stands there now
    seal : what it will carry; default: the deployment's, none in a folder
    Raises PromotionConflict when the pointer is another by now.
    """
    over = over or read_pointer(store, seal=seal)
    old = over.champion
    champion = Champion(
        version=version,
        sha256=sha256,
        promoted_at=datetime.now(UTC).isoformat(timespec="seconds"),
        promoted_by=by,
        reason=reason,
        replaced=old.version if old else None,
        kind=kind,
        forced=forced,
        number=next_number(store, over),
    )
    seal = seal or seal_of(store)
    content = _write(champion, seal=seal.of(_write(champion)) if seal else "")
    _keep(store, over)
    _replace(store, over, champion, content)
    supersede_before(store, champion)
    return champion


def next_number(store: Store, pointer: Pointer) -> int:
    """Of the promotion that would replace this pointer; none is given twice."""
    if pointer.champion:
        return 1 + pointer.champion.number
    return 1 + max(numbers_given(store, store.list(HISTORY)), default=0)


def supersede_before(store: Store, champion: Champion) -> None:
    """No pointer before this one counts any more, wherever somebody kept a copy.

    To be repeated by who finds that a promotion was stopped after the pointer was written.
    """
    given = numbers_given(store, store.list(HISTORY)) | {champion.number - 1}
    supersede(store, (number for number in given if number < champion.number))


def _keep(store: Store, pointer: Pointer) -> None:
    if pointer.champion is None:
        return
    with suppress(AlreadyExists):  # the same bytes, of a promotion that ended here
        store.write(_history_key(pointer.champion), pointer.content, if_absent=True)


def _replace(store: Store, over: Pointer, champion: Champion, content: bytes) -> None:
    kind, first = "application/json", not over.tag
    try:
        store.write(CHAMPION, content, content_type=kind, if_absent=first, if_tag=over.tag)
    except (AlreadyExists, ObjectNotFound):
        there = read_pointer(store)
        winner = champion if there.content == content else there.champion
        # A write whose answer was lost is sent again, and then finds itself.
        if winner != champion:
            raise PromotionConflict(champion.version, _introduce(winner)) from None


def _write(champion: Champion, *, seal: str = "") -> bytes:
    facts = vars(champion) | ({SEAL: seal} if seal else {})
    return json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False).encode()


def _introduce(champion: Champion | None) -> str:
    if champion is None:
        return "nobody: the pointer was deleted"
    return f"{champion.version}, set by {champion.promoted_by} at {champion.promoted_at}"


def _history_key(champion: Champion) -> str:
    return f"{HISTORY}{champion.number:06}-{champion.version}.json"


def _parse(key: str, content: bytes) -> Champion:
    try:
        facts = json.loads(content)
        if not isinstance(facts, dict):
            raise TypeError
        facts.pop(SEAL, None)
        champion = Champion(**facts)
        # A pointer without a whole hash would let another bundle pass under its name.
        if not re.fullmatch("[0-9a-f]{64}", champion.sha256):
            raise ValueError
        if champion.version != champion.sha256[:VERSION_LENGTH]:
            raise ValueError
        if not isinstance(champion.number, int):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise ArtifactMismatch(key, "a pointer to a version", "something else") from None
    return champion
