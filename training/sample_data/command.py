"""`python -m training sample-data`: the arguments, the progress and the summary."""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from credit_scoring.contract.columns import TARGET
from tqdm import tqdm

from training.data.disk import require_space
from training.sample_data.tables import draw_tables, with_unknown_outcome
from training.sample_data.writing import refuse_foreign_files, staged

BYTES_PER_APPLICANT = 7_500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write synthetic tables in the form of Home Credit Default Risk: the application tables "
        "and the six secondary ones, under their published file names. The same seed gives the "
        "same files."
    )
    parser.add_argument(
        "--applicants",
        type=_positive,
        default=20_000,
        metavar="N",
        help="rows of application_train; application_test gets one sixth (default: %(default)s)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument("--seed", type=_seed, default=0, metavar="S", help="default: %(default)s")
    parser.add_argument("--compress", choices=["gz"], help="write .csv.gz files")
    parser.add_argument(
        "--force",
        action="store_true",
        help="write into a folder that holds other files, and replace its tables",
    )


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    summary = generate(
        args.out,
        applicants=args.applicants,
        seed=args.seed,
        compress=args.compress is not None,
        force=args.force,
    )
    print(json.dumps(summary | {"seconds": round(time.monotonic() - started, 1)}))
    return 0


def generate(
    folder: Path, *, applicants: int, seed: int, compress: bool = False, force: bool = False
) -> dict[str, object]:
    """Write the eight tables.

    Returns what was written: folder, applicants, seed, default_rate, rows of each table, bytes.
    Raises DatasetError when the folder is not free or cannot be written.
    """
    everybody = applicants + with_unknown_outcome(applicants)
    if not force:
        refuse_foreign_files(folder)
    require_space(folder, everybody * BYTES_PER_APPLICANT // (3 if compress else 1))
    suffix = ".csv.gz" if compress else ".csv"
    made_from: dict[str, object] = {"applicants": applicants, "seed": seed}
    defaults = 0
    bar = tqdm(total=everybody, desc="sample data", unit=" applicants", disable=None)
    with staged(folder, suffix, made_from) as staging, bar:
        for people, tables in draw_tables(applicants, seed):
            for table, columns in tables.items():
                staging.append(table, columns)
            defaults += int(np.sum(np.asarray(tables["application_train"][TARGET])))
            bar.update(people)
    return {
        "folder": str(folder),
        **made_from,
        "default_rate": round(defaults / applicants, 4),
        "rows": staging.rows,
        "bytes": sum((folder / (table + suffix)).stat().st_size for table in staging.rows),
    }


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative: give a seed from 0 on")
    return number
