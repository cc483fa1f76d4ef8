"""Read the applications, aggregate their history, and keep both as arrays."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from credit_scoring.aws.storage import open_store
from credit_scoring.contract.applicants import Applicants

from training.data.dataset import Dataset, load_dataset
from training.data.load import find_table
from training.data.soundness import refuse_contradictions, require_columns, require_outcomes
from training.data.sparser import sparser_columns
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.sample_data.writing import MARKER

TABLES = (
    "application_train",
    "bureau",
    "bureau_balance",
    "previous_application",
    "POS_CASH_balance",
    "credit_card_balance",
    "installments_payments",
)
APPLICANTS, SUMMARY = "applicants.npz", "data.json"
_COLUMN = "column:"


def depends_on(settings: RunSettings) -> dict[str, Any]:
    """The files as the system lists them; reading gigabytes to see that nothing changed is slow."""
    found = {name: find_table(settings.data, name) for name in TABLES}
    return {"allow_missing": settings.allow_missing} | {
        name: [str(path), path.stat().st_size, path.stat().st_mtime_ns]
        for name, path in found.items()
        if path is not None
    }


def run(work: Work[RunSettings]) -> str:
    folder = work.settings.data
    dataset = load_dataset(folder)
    require_outcomes(dataset.defaulted)
    require_columns(dataset.applicants, work.settings.allow_missing)
    refuse_contradictions(dataset)
    tables = {name: _fingerprint(find_table(folder, name)) for name in TABLES}
    columns = {_COLUMN + name: values for name, values in dataset.applicants.columns.items()}
    np.savez(
        work.results / APPLICANTS,
        allow_pickle=False,
        ids=np.array(dataset.applicants.ids),
        defaulted=dataset.defaulted,
        **columns,
    )
    summary = {
        "rows": len(dataset),
        "defaults": int(dataset.defaulted.sum()),
        "default_rate": float(dataset.defaulted.mean()),
        "sha256": hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest(),
        "tables": tables,
        "made_up": (folder / MARKER).exists(),
    }
    work.write(SUMMARY, summary)
    told = f"{len(dataset):,} applicants, {dataset.defaulted.mean():.2%} defaulted"
    sparser = sparser_columns(dataset.applicants, open_store(work.settings.models))
    if not sparser:
        return told
    return f"{told}; GIVEN FAR LESS OFTEN than to the champion: {', '.join(map(str, sparser))}"


def read_dataset(work: Work[RunSettings]) -> Dataset:
    with np.load(work.path("data", APPLICANTS), allow_pickle=False) as arrays:
        columns = {
            name.removeprefix(_COLUMN): arrays[name]
            for name in arrays.files
            if name.startswith(_COLUMN)
        }
        return Dataset(Applicants(arrays["ids"].tolist(), columns), arrays["defaulted"])


def _fingerprint(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256}
