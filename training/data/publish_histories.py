"""Aggregate the secondary tables and put each applicant's history into the profiles table."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import ID
from credit_scoring.errors import DatasetError
from credit_scoring.stored.packed_rows import pack_numbers
from credit_scoring.stored.profiles import Profile, ProfileTable
from tqdm import tqdm

from training.data.load import history_features, read_text

PROFILES_AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder with the Kaggle tables")
    parser.add_argument("--table", required=True, help="name of the DynamoDB table of profiles")
    parser.add_argument(
        "--only", type=Path, help=f"a CSV with a column {ID}: leave everybody else out"
    )


def run(args: argparse.Namespace) -> int:
    """Applications that are already in a profile stay; its history is replaced."""
    wanted = _ids_of(args.only) if args.only else None
    ids, features = history_features(args.data)
    rows = [row for row, applicant_id in enumerate(ids) if wanted is None or applicant_id in wanted]
    table = ProfileTable(args.table)
    with tqdm(total=len(rows), desc="Publish histories", unit="applicant") as bar:
        for part in batched(rows, PROFILES_AT_ONCE, strict=False):
            columns = {name: values[list(part)] for name, values in features.items()}
            _publish(table, [ids[row] for row in part], columns)
            bar.update(len(part))
    print(json.dumps({"histories": len(rows)}))
    return 0


def _publish(table: ProfileTable, ids: Sequence[str], features: Mapping[str, Numbers]) -> None:
    known = table.get_many(ids)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    table.put_many(
        [
            replace(known.get(applicant_id, Profile(applicant_id, updated_at=now)), history=history)
            for applicant_id, history in zip(ids, pack_numbers(features, len(ids)), strict=True)
        ]
    )


def _ids_of(path: Path) -> set[str]:
    wanted: set[str] = set()
    for part in read_text(path):
        if ID not in part:
            raise DatasetError(f"{path} has no column {ID}: it must name the applicants")
        wanted.update(applicant_id.strip() for applicant_id in part[ID])
    return wanted
