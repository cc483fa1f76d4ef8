"""What the programs that start the whole stack have in common: arguments, signals, sentences."""

import argparse
import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from credit_scoring.errors import CreditScoringError

from infra.local.errors import LocalCloudFailed
from infra.repository import ROOT

HOME: Final = ROOT / "build" / "demo"


def end_on_signals() -> None:
    """Ctrl-C, SIGTERM and SIGHUP end it alike, even where a script started it in the background."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


@contextmanager
def told_in_one_sentence() -> Iterator[None]:
    """Turn what a user can repair into one sentence and exit code 1."""
    try:
        yield
    except (LocalCloudFailed, CreditScoringError) as error:
        raise SystemExit(f"\n{error}") from None
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise SystemExit("\nThe disk is full: free some space and start again.") from None


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, help="a folder with Home Credit tables (default: generated ones)"
    )
    parser.add_argument(
        "--applicants", type=int, default=20_000, help="to generate (default: 20000)"
    )
    parser.add_argument("--home", type=Path, default=HOME, help="where it keeps its files")
