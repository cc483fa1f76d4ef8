"""Small tables in the form of the published ones, with outcomes that can be learnt."""

import csv
from pathlib import Path

import numpy as np
from credit_scoring.contract.columns import ID, TARGET

from tests.models import draw_record


def draw_texts(count, *, seed=2) -> dict[str, list[str]]:
    """Applications as text columns, without history."""
    rng = np.random.default_rng(seed)
    records = [draw_record(rng, str(300_001 + n)) for n in range(count)]
    names = [
        name
        for name in dict.fromkeys(name for record in records for name in record)
        if not name.startswith(("BUREAU_", "PREVIOUS_"))
    ]
    return {name: [str(record.get(name, "")) for record in records] for name in names}


def labelled(count, *, seed=2) -> dict[str, list[str]]:
    texts = draw_texts(count, seed=seed)
    return {ID: texts[ID], TARGET: [str(n % 3 // 2) for n in range(count)]} | texts


def write_texts(path: Path, texts: dict[str, list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(texts)
        writer.writerows(zip(*texts.values(), strict=True))
    return path
