"""A night of the drift monitor: records brought together, a week read, a window judged.

Lines of the API lie in a folder as the delivery stream leaves them; a process of its own does what
the function does, so that its memory is the function's.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from credit_scoring.aws.storage import FolderStore
from credit_scoring.scoring import score_applicants
from credit_scoring.stored.score_records import LINES, Origin, Purpose, score_lines

from tests.bench.measuring import Result, Settings
from tests.bench.reference_model import ROOT, draw_applicants, reference_model

DAY = date(2026, 3, 10)
ROWS, MILLION, QUICK_ROWS = 100_000, 1_000_000, 5_000
# A quarter of an hour each; the last day's are those of the stream.
OBJECTS, DRAWN, SOURCES = 96, 5_000, 30


def run(settings: Settings) -> Iterator[Result]:
    rows = MILLION if settings.million else settings.choose(ROWS, QUICK_ROWS)
    with TemporaryDirectory() as folder:
        _fill(FolderStore(Path(folder) / "records"), rows)
        found = _measure(folder)
    what = f"{rows:,} scores a day, {found['features']} features, {SOURCES} sources"
    yield Result("drift_compact_seconds", found["compact"], "s", note=f"{what}; one day")
    yield Result("drift_bytes_a_score", found["bytes"] / rows, "bytes", found["slim"] / rows,
                 note=f"{what}; of 400 days, against what stays longer")  # fmt: skip
    note = f"{what}; seven days, each applicant once"
    yield Result("drift_read_week_seconds", found["read"], "s", note=note)
    note = f"{found['judged']:,} rows x {found['columns']} raw columns, {found['sources']} sources"
    yield Result("drift_judge_seconds", found["judge"], "s", note=note)
    yield Result("drift_peak_memory_mb", found["peak"], "MB", note=f"{what}; all of it")


def _fill(store: FolderStore, rows: int) -> None:
    """A day's objects; drawn lines are repeated under ids of their own."""
    model = reference_model().model
    drawn = min(DRAWN, rows)
    applicants = draw_applicants(drawn, seed=5)
    scores = score_applicants(model, applicants)
    texts = []
    for source in range(SOURCES):
        origin = Origin(
            datetime(2026, 3, 10, 12, tzinfo=UTC), "api", Purpose.DECISION, client=f"{source:012x}"
        )
        own = np.arange(source, drawn, SOURCES)
        texts += score_lines(
            applicants.take(own),
            score_applicants(model, applicants.take(own)),
            origin,
            pseudonyms=(own + 1).astype(np.uint64),
            name=f"call-{source}",
        )
    assert len(texts) == len(scores)
    template = "\n".join(texts) + "\n"
    blocks = rows // drawn
    per_object = -(-blocks // OBJECTS)
    for first in range(0, blocks, per_object):
        copies = [_copy(template, n) for n in range(first, min(first + per_object, blocks))]
        data = gzip.compress("".join(copies).encode(), compresslevel=1)
        store.write(f"{LINES}{first:06}.gz", data)


def _copy(template: str, number: int) -> str:
    named = template.replace('"score_id":"', f'"score_id":"{number}-')
    return named.replace('"applicant":', f'"applicant":{number + 1}0000')


def _measure(folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.drift_worker", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))
