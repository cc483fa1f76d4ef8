"""Let the previous champion serve again, or any published version.

A rollback takes back the newest promotion that still stands, so a second one goes back one further.
The version is loaded and verified first, and the rollback is kept in the history like a promotion.
"""

import argparse
import getpass
import json
import sys

from credit_scoring.aws.storage import Store, open_store
from credit_scoring.registry.bundle import load_working_model
from credit_scoring.registry.champion import (
    Champion,
    previous_champion,
    promote,
    read_champion,
    read_history,
    read_pointer,
)

from training.tracking.follow import follow_champion


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix of models")
    parser.add_argument("--to", metavar="VERSION", help="default: the previous champion")
    parser.add_argument("--reason", required=True, help="why, kept with the rollback")
    parser.add_argument("--by", default=getpass.getuser(), help="who (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Print the new pointer as JSON."""
    champion = roll_back(open_store(args.models), to=args.to, by=args.by, reason=args.reason)
    follow_champion(champion.version)
    print(f"{champion.version} serves now, instead of {champion.replaced}.", file=sys.stderr)
    print(json.dumps(vars(champion)))
    return 0


def roll_back(store: Store, *, to: str | None, by: str, reason: str) -> Champion:
    """Raises NoEarlierChampion, PromotionConflict, or ArtifactError when the version is damaged.

    Only naming a version gets around a pointer that is missing or damaged.
    """
    pointer = read_pointer(store)
    if to is None:
        read_champion(store)
        to = previous_champion(read_history(store)).version
    model = load_working_model(store, to)
    return promote(
        store,
        version=model.version,
        sha256=model.sha256,
        by=by,
        reason=reason,
        kind="rollback",
        over=pointer,
    )
