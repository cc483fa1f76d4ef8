"""Which promotions were followed by another: an older pointer that is put back counts no more.

    models/superseded/000007     the seventh pointer was replaced

That such a file exists is all it says: who may write to the bucket cannot take it away, as who
could overwrite one that held the newest number. It is written after the pointer that replaces.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from credit_scoring.aws.storage import Store
from credit_scoring.errors import AlreadyExists, ObjectNotFound

SUPERSEDED = "superseded/"
# Of its name alone: what is in a file says whoever wrote it last.
_NUMBER = re.compile(r"[a-z]+/(\d{6,7})(?:-[0-9a-f]+\.json)?")


def is_superseded(store: Store, number: int) -> bool:
    """One read, whose answer is no as a rule."""
    with suppress(ObjectNotFound):
        store.read(_key(number))
        return True
    return False


def numbers_given(store: Store, history: Iterable[str]) -> set[int]:
    """All that were ever promoted under, also where the pointer that bore one was destroyed.

    history : keys of it
    """
    replaced = _superseded(store)
    return {*_numbers(history), *replaced, *(number + 1 for number in replaced)}


def supersede(store: Store, numbers: Iterable[int]) -> None:
    """Whoever was stopped before this leaves it to the next promotion."""
    for number in sorted(set(numbers) - _superseded(store)):
        with suppress(AlreadyExists):
            store.write(_key(number), b"", if_absent=True)


def _superseded(store: Store) -> set[int]:
    return set(_numbers(store.list(SUPERSEDED)))


def _numbers(keys: Iterable[str]) -> Iterator[int]:
    return (int(named[1]) for key in keys if (named := _NUMBER.fullmatch(key)))


def _key(number: int) -> str:
    return f"{SUPERSEDED}{number:06}"
