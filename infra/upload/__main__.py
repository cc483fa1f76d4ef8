"""Upload a file of applications, follow it until its last row, bring the results home.

    python -m infra.upload applications.csv --branch paris-01

Without --url it goes to the demo on this machine, with the demo's own account. With --url the
account comes from UPLOAD_USER and UPLOAD_PASSWORD, or is asked for. With --bucket and --results it
goes straight to the storage, with the AWS credentials of the environment.

Beside the file (or in --out) are saved <file>-scores.csv, <file>-rejects.csv, and the receipt
<file>-manifest.json. Correct the rejects and upload that file: only its rows are scored.

Exit code: 0 every row scored, 2 some rows rejected, 1 nothing scored or nobody knows yet.
"""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import NoReturn

from credit_scoring.stored.batches import is_branch

from infra.upload.by_api import ApiCarrier
from infra.upload.errors import FileUnfit, UploadFailed
from infra.upload.following import describe, follow, save, send
from infra.upload.login import DEMO, find_account
from infra.upload.transports import Carrier, Parcel

ALL_SCORED, FAILED, SOME_REJECTED = 0, 1, 2
INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if bool(options.bucket) != bool(options.results):
        parser.error("--bucket and --results go together")
    try:
        return upload(_carrier(options), _parcel(options), options)
    except UploadFailed as error:
        print(f"\n{error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nNo longer followed. What has arrived is scored all the same.", file=sys.stderr)
        return INTERRUPTED


def upload(carrier: Carrier, parcel: Parcel, options: argparse.Namespace) -> int:
    parcel.check()
    carrier.prepare()
    batch = send(carrier, parcel)
    print(f"Batch {batch}", file=sys.stderr)
    standing = follow(carrier, batch, patience=options.patience * 60)
    saved = save(carrier, standing, parcel, options.out or parcel.path.parent)
    manifest = standing.manifest or {}
    print(describe(manifest, language=options.language or "en"))
    print("\n".join(str(path) for path in saved))
    if standing.status == "failed":
        return FAILED
    return SOME_REJECTED if manifest.get("rejected") else ALL_SCORED


def _carrier(options: argparse.Namespace) -> Carrier:
    if options.bucket:
        # With them comes all of AWS's client, which nobody else needs.
        from credit_scoring.aws.storage import S3Store  # noqa: PLC0415

        from infra.upload.by_storage import StorageCarrier  # noqa: PLC0415

        return StorageCarrier(S3Store(options.bucket, ""), S3Store(options.results, "scored/"))
    return ApiCarrier(options.url, account=partial(find_account, options.url))


def _parcel(options: argparse.Namespace) -> Parcel:
    if not is_branch(options.branch):
        raise FileUnfit(f"{options.branch!r} is no branch: letters, digits and hyphens only.")
    return Parcel(options.file, options.branch, options.language or "")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """As any other failure: 2, which is usual, means rejected rows here."""
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m infra.upload",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("file", type=Path, help="a table, plain, as .gz or alone in a .zip")
    add("--branch", required=True, help="whose applications these are, e.g. paris-01")
    add("--language", choices=("fr", "en"), help="of the sentences in the results")
    add("--out", type=Path, metavar="DIR", help="where to save the results (default: beside FILE)")
    add("--url", default=DEMO, help=f"the address of the page (default: the demo, {DEMO})")
    add("--bucket", help="send straight to this bucket of uploads instead")
    add("--results", metavar="BUCKET", help="the bucket of results that goes with --bucket")
    add(
        "--patience", type=float, default=15, metavar="MINUTES",
        help="how long to wait without any progress (default: 15)",
    )  # fmt: skip
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
