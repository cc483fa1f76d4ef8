"""What no table holds: records that could not be read whole, and those that were never delivered.

    damaged/lines/..., damaged/chunks/...   as they arrived
    undelivered/...                         as the delivery stream gives up: JSON, a line a record,
                                            which is in base64 under `rawData`

Whoever is forgotten must not stay here either. What cannot be searched for them goes as a whole:
nobody could say that they are not in it.
"""

import base64
import json
import re
from collections.abc import Callable

from credit_scoring.arrays import read_arrays
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMismatch, ObjectNotFound

from functions.drift_monitor.records.layout import DAMAGED, DAMAGED_CHUNKS, UNDELIVERED
from functions.drift_monitor.records.packing import UNPACKING_FAILED, packed_like, unpacked

_APPLICANT = re.compile(rb'"applicant":(-?\d+)[,}]')

# What is left of some bytes, and how many lines of them are gone.
type Left = tuple[bytes, int]


def forget_set_aside(store: Store, pseudonym: int) -> int:
    """Remove an applicant's lines, and what cannot be searched; returns how much that was.

    Raises StorageError, AlreadyExists when somebody else rewrites the same object.
    """
    gone = 0
    for folder in (DAMAGED, UNDELIVERED):
        for key in list(store.list(folder)):
            gone += _forget_in(store, key, _search_for(key, pseudonym))
    return gone


def _search_for(key: str, pseudonym: int) -> Callable[[bytes], Left]:
    if key.startswith(DAMAGED_CHUNKS):
        return lambda data: _without_chunk(data, pseudonym)
    if key.startswith(UNDELIVERED):
        return lambda data: _without_records(data, pseudonym)
    return lambda data: _without_lines(data, pseudonym)


def _forget_in(store: Store, key: str, search: Callable[[bytes], Left]) -> int:
    try:
        data, tag = store.read_tagged(key)
    except ObjectNotFound:
        return 0
    try:
        left, gone = search(unpacked(data))
    except UNPACKING_FAILED:
        left, gone = b"", 1
    if gone and left.strip():
        store.write(key, packed_like(data, left), if_tag=tag)
    elif gone:
        store.delete(key)
    return gone


def _without_chunk(data: bytes, pseudonym: int) -> Left:
    """A chunk that could not be read is of no use without them either: all of it or nothing."""
    try:
        applicants = read_arrays(DAMAGED, data)["applicants"]
    except (ArtifactMismatch, KeyError):
        return b"", 1
    return (b"", 1) if pseudonym in applicants else (data, 0)


def _without_lines(text: bytes, pseudonym: int) -> Left:
    lines = text.splitlines(keepends=True)
    left = [line for line in lines if not line.strip() or not _may_be_of(line, pseudonym)]
    return b"".join(left), len(lines) - len(left)


def _without_records(text: bytes, pseudonym: int) -> Left:
    left, gone = [], 0
    for line in text.splitlines(keepends=True):
        kept, lost = _without_record(line, pseudonym) if line.strip() else (line, 0)
        left.append(kept)
        gone += lost
    return b"".join(left), gone


def _without_record(line: bytes, pseudonym: int) -> Left:
    """Of what the stream gave up; where it holds nothing else, its error goes with it."""
    try:
        failure = json.loads(line)
        record = unpacked(base64.b64decode(failure["rawData"], validate=True))
    except (*UNPACKING_FAILED, ValueError, KeyError, TypeError):
        return b"", 1
    left, gone = _without_lines(record, pseudonym)
    if not gone:
        return line, 0
    if not left.strip():
        return b"", gone
    failure["rawData"] = base64.b64encode(left).decode()
    return json.dumps(failure).encode() + b"\n", gone


def _may_be_of(line: bytes, pseudonym: int) -> bool:
    """Whether a line is theirs, or it is half a line of which nobody can say whose it is."""
    try:
        json.loads(line)
    except ValueError:
        found = _APPLICANT.search(line)
        return found is None or int(found[1]) == pseudonym
    return re.search(rb"(?<![-\d.])%d(?!\d)" % pseudonym, line) is not None
