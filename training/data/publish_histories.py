"""Aggregate the secondary tables and put each applicant's history into the profiles table."""

import argparse
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

from credit_scoring.contract.columns import ID
from credit_scoring.errors import DatasetError
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
    histories = [
        (applicant_id, history)
        for applicant_id, history in read_histories(args.data)
        if wanted is None or applicant_id in wanted
    ]
    table = ProfileTable(args.table)
    with tqdm(total=len(histories), desc="Publish histories", unit="applicant") as bar:
        for part in batched(histories, PROFILES_AT_ONCE, strict=False):
            _publish(table, dict(part))
            bar.update(len(part))
    print(json.dumps({"histories": len(histories)}))
    return 0


def read_histories(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """By applicant, the history features that are known."""
    ids, features = history_features(folder)
    names = list(features)
    for row, applicant_id in enumerate(ids):
        values = {name: float(features[name][row]) for name in names}
        yield applicant_id, {name: v for name, v in values.items() if not math.isnan(v)}


def _publish(table: ProfileTable, histories: dict[str, dict[str, float]]) -> None:
    known = table.get_many(list(histories))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    profiles = []
    for applicant_id, history in histories.items():
        old = known.get(applicant_id, Profile(applicant_id, updated_at=now))
        profiles.append(Profile(**vars(old) | {"history": history}))
    table.put_many(profiles)


def _ids_of(path: Path) -> set[str]:
    wanted: set[str] = set()
    for part in read_text(path):
        if ID not in part:
            raise DatasetError(f"{path} has no column {ID}: it must name the applicants")
        wanted.update(applicant_id.strip() for applicant_id in part[ID])
    return wanted
