"""Headers among the records: files joined end to end, or another table below the first."""

from collections.abc import Iterator

import numpy as np

from credit_scoring.reading.cutting.records import Records
from credit_scoring.reading.header import (
    canonical_names,
    count_reject_columns,
    names_columns,
)


def find_headers(records: Records, names: tuple[str, ...]) -> tuple[list[int], int | None]:
    """Rows that repeat the header, and the row of the first other header, where the table ends.

    A repeated header comes back as a row of a rejects file: behind our columns, it is still one.
    """
    repeated: list[int] = []
    ours = count_reject_columns(names)
    for row in _candidates(records):
        fields = records.fields(row)
        if names_columns(fields, names):
            if canonical_names(fields)[ours:] != names[ours:]:
                return repeated, row
            repeated.append(row)
    return repeated, None


def _candidates(records: Records) -> Iterator[int]:
    """Records with two underscores: the id's name has as many, any other at least one."""
    text, ends = records.text, records.ends
    place, stop = 0, int(ends[-1]) if len(records) else 0
    while (place := text.find(b"_", place, stop)) >= 0:
        row = int(np.searchsorted(records.starts, place, "right")) - 1
        if row < 0 or place >= ends[row]:
            place += 1
            continue
        if text.find(b"_", place + 1, int(ends[row])) >= 0:
            yield row
        place = int(ends[row])
