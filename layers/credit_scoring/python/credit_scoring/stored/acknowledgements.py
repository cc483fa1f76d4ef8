"""Findings of the drift monitor that somebody knows of, and until when nobody is called for them.

    <digest of kind, source and columns>/<when>.json      one each time somebody says so

The newest file of a finding counts, the earlier ones are its history: nothing is overwritten.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import groupby

from credit_scoring.aws.storage import Store

LONGEST_DAYS = 90
# Kind, source, and the columns in the order of the alphabet.
type FindingKey = tuple[str, str, str]


@dataclass(frozen=True)
class Acknowledgement:
    """kind, source, columns : of the finding; reason, by, at : why, who and when, in UTC

    until : the last day on which nobody is called for it
    """

    kind: str
    source: str
    columns: tuple[str, ...]
    reason: str
    by: str
    at: str
    until: date

    @property
    def key(self) -> FindingKey:
        return finding_key(self.kind, self.source, self.columns)


def finding_key(kind: str, source: str, columns: tuple[str, ...]) -> FindingKey:
    """The same for the same cause in another night."""
    return kind, source, " ".join(sorted(columns))


def write_acknowledgement(store: Store, made: Acknowledgement) -> None:
    """Raises AlreadyExists where one of the same finding was made in the same microsecond."""
    folder = hashlib.sha256(json.dumps(made.key).encode()).hexdigest()[:32]
    content = asdict(made) | {"until": made.until.isoformat()}
    name = datetime.fromisoformat(made.at).astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")
    store.write(
        f"{folder}/{name}.json",
        json.dumps(content).encode(),
        content_type="application/json",
        if_absent=True,
    )


def read_acknowledgements(store: Store) -> list[Acknowledgement]:
    """The newest of every finding, those that end last first."""
    newest = [list(same)[-1] for _, same in groupby(store.list(""), key=_folder)]
    return sorted(_read(store, newest), key=lambda made: made.until, reverse=True)


def in_force(made: Iterable[Acknowledgement], today: date) -> dict[FindingKey, date]:
    """Until when each finding is acknowledged that still is."""
    return {one.key: one.until for one in made if one.until >= today}


def _folder(key: str) -> str:
    return key.partition("/")[0]


def _read(store: Store, keys: list[str]) -> Iterator[Acknowledgement]:
    for key in keys:
        content = json.loads(store.read(key))
        content["columns"] = tuple(content["columns"])
        content["until"] = date.fromisoformat(content["until"])
        yield Acknowledgement(**content)
