"""Fetch the tables of Home Credit Default Risk with the official Kaggle client.

The archive goes into a hidden folder, so that an interrupted download is continued by the next
run, and the tables take their names when all of them are unpacked.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
import urllib3
from credit_scoring.errors import DatasetError
from tqdm import tqdm

from training.data.disk import cannot_write, require_space

COMPETITION = "home-credit-default-risk"
TABLES = (
    "application_train.csv",
    "application_test.csv",
    "bureau.csv",
    "bureau_balance.csv",
    "previous_application.csv",
    "POS_CASH_balance.csv",
    "credit_card_balance.csv",
    "installments_payments.csv",
)
STAGING = ".download-data.partial"
ARCHIVE_BYTES, UNPACKED_BYTES = 725_000_000, 2_620_000_000
COPIED_AT_ONCE = 1 << 20

CREDENTIALS_PAGE = "https://www.kaggle.com/settings/api"
RULES_PAGE = f"https://www.kaggle.com/competitions/{COMPETITION}/rules"
CREDENTIALS_PLACES = "~/.kaggle/access_token or the variable KAGGLE_API_TOKEN"
ANSWERS = {
    401: "Kaggle does not accept the credentials: create a new token on "
    f"{CREDENTIALS_PAGE} and save it in {CREDENTIALS_PLACES}",
    403: f"Kaggle refuses the download: accept the competition's rules on {RULES_PAGE} with the "
    "account of your token, then run this again",
    404: f"Kaggle does not know {COMPETITION} any more: get the tables elsewhere",
    429: "Kaggle asks for fewer requests: wait some minutes, then run this again",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"Download Kaggle's {COMPETITION} (0.7 GB, unpacked 2.6 GB). It needs a token from "
        f"{CREDENTIALS_PAGE}, and that its account has accepted {RULES_PAGE}."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--force", action="store_true", help="download again, and replace the tables that are there"
    )


def run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    sizes = download(args.out, force=args.force)
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({"folder": str(args.out), "bytes": sizes, "seconds": seconds}))
    return 0


def download(folder: Path, *, force: bool = False) -> dict[str, int]:
    """Download and unpack the tables.

    Returns the size in bytes of each file.
    Raises DatasetError when Kaggle does not give the data or the folder cannot hold it.
    """
    if not force:
        _refuse_present_tables(folder)
    api = _authenticated_client()
    staging = folder / STAGING
    archive = staging / f"{COMPETITION}.zip"
    fetched = archive.stat().st_size if archive.exists() else 0
    require_space(folder, max(ARCHIVE_BYTES - fetched, 0) + UNPACKED_BYTES)
    with _explained(folder), _kept_if_used(staging):
        with contextlib.redirect_stdout(sys.stderr):  # the client tells its progress
            api.competition_download_files(COMPETITION, path=str(staging), quiet=False)
        sizes = _unpack(archive, folder)
        shutil.rmtree(staging)
    return sizes


@contextlib.contextmanager
def _kept_if_used(staging: Path) -> Iterator[None]:
    """The hidden folder; a run that fetched nothing leaves none behind."""
    staging.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it is not empty, or gone
            staging.rmdir()


def _refuse_present_tables(folder: Path) -> None:
    present = [name for name in TABLES if (folder / name).exists()]
    if present:
        raise DatasetError(
            f"{folder} already holds {present[0]}: add --force to download again, or choose "
            "another folder with --out"
        )


def _authenticated_client() -> Any:
    with _explained(Path("~/.kaggle")), _silenced():
        api = _client()
        try:
            api.authenticate()
        except SystemExit:
            raise DatasetError(
                f"no valid Kaggle credentials: create a token on {CREDENTIALS_PAGE}, save it in "
                f"{CREDENTIALS_PLACES}, accept the rules on {RULES_PAGE}, then run this again"
            ) from None
    return api


def _client() -> Any:
    """The client looks for credentials, prints and makes a folder as soon as it is imported."""
    try:
        from kaggle.api.kaggle_api_extended import KaggleApi  # noqa: PLC0415 see above
    except OSError as error:
        raise DatasetError(
            f"the Kaggle client cannot make its folder ({error}): set KAGGLE_CONFIG_DIR to a "
            "folder that may be written to"
        ) from error
    return KaggleApi()


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the client, the network and the disk raise into a DatasetError.

    The order matters: the network's errors are OSErrors too.
    """
    try:
        yield
    except ImportError as error:
        raise DatasetError(
            f"the Kaggle client is not installed ({error}): install the group `training`"
        ) from error
    except requests.HTTPError as error:
        raise DatasetError(_answer(error)) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DatasetError(
            "no connection to Kaggle: check the network or the proxy, then run this again; a "
            "started download is continued"
        ) from error
    except OSError as error:
        raise cannot_write(folder, error) from error
    except ValueError as error:
        raise DatasetError(f"the download is not complete ({error}): run this again") from error


def _answer(error: requests.HTTPError) -> str:
    status = error.response.status_code if error.response is not None else 0
    return ANSWERS.get(status, f"Kaggle answers with error {status}: run this again later")


def _unpack(archive: Path, folder: Path) -> dict[str, int]:
    """Unpack all tables beside the archive, then give them their names."""
    try:
        with zipfile.ZipFile(archive) as packed:
            _require_tables(packed)
            for name in TABLES:
                _unpack_table(packed, name, archive.with_name(name))
    except zipfile.BadZipFile as error:
        archive.unlink()
        raise DatasetError(
            f"the downloaded archive is damaged ({error}): run this again"
        ) from error
    for name in TABLES:
        archive.with_name(name).replace(folder / name)
    return {name: (folder / name).stat().st_size for name in TABLES}


def _require_tables(packed: zipfile.ZipFile) -> None:
    if absent := sorted(set(TABLES) - set(packed.namelist())):
        raise DatasetError(f"Kaggle's archive holds no {absent[0]}: its form has changed")


def _unpack_table(packed: zipfile.ZipFile, name: str, path: Path) -> None:
    size = packed.getinfo(name).file_size
    bar = tqdm(total=size, desc=name, unit="B", unit_scale=True, disable=None)
    with packed.open(name) as source, path.open("wb") as destination, bar:
        while block := source.read(COPIED_AT_ONCE):
            destination.write(block)
            bar.update(len(block))
