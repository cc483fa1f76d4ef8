"""Make the lists of applicants anew from their profiles, scored by the model that serves.

    python -m infra.operate.relist                     on AWS
    python -m infra.operate.relist --port 4566         on the local cloud

After a promotion rows of the lists tell what the model before said, until this has run. It may be
run again, also while files arrive: of two rows of an applicant the newer application counts.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.aws.storage import S3Store
from credit_scoring.errors import CreditScoringError, InvalidApplicant
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model, judge_applicants
from credit_scoring.stored.applicant_lists import ApplicantLists, ApplicantRows
from credit_scoring.stored.listed_scores import list_rows
from credit_scoring.stored.profiles import Profile
from credit_scoring.what_if.stacking import stack
from tqdm import tqdm

from infra.access import Access
from infra.operate.deployed_stack import find_stack, name_stack

SCORED_TOGETHER: Final = 2_000


@dataclass(frozen=True)
class Relisted:
    """listed : applicants whose rows were written; left_out : of no branch, or not to be scored"""

    listed: int
    left_out: int


def relist(outputs: Mapping[str, str], access: Access) -> Relisted:
    """Raises CreditScoringError without a champion."""
    s3 = access.client("s3")
    model = load_champion(S3Store(outputs["ModelsBucket"], "models/", s3))
    lists = ApplicantLists(S3Store(outputs["ResultsBucket"], "lists/", s3))
    began, branches, counts = datetime.now(UTC), set[str](), [0, 0]
    profiles = _profiles(outputs["ProfilesTable"], access)
    for number, some in enumerate(batched(profiles, SCORED_TOGETHER, strict=False)):
        known = [profile for profile in some if profile.branch and _can_be_scored(profile)]
        for branch in sorted({profile.branch for profile in known}):
            own = [profile for profile in known if profile.branch == branch]
            name = f"relist-{model.version}-{number:05}"
            lists.add(branch, name, _rows(model, own, scored=began))
            branches.add(branch)
        counts[0] += len(known)
        counts[1] += len(some) - len(known)
    for branch in sorted(branches):
        lists.merge(branch, most_parts=0)
    return Relisted(*counts)


def _rows(model: Model, profiles: Sequence[Profile], *, scored: datetime) -> ApplicantRows:
    applicants = stack([profile.parse() for profile in profiles])
    return list_rows(
        applicants,
        judge_applicants(model, applicants),
        branches=[profile.branch for profile in profiles],
        updated=[datetime.fromisoformat(profile.updated_at) for profile in profiles],
        scored=scored,
    )


def _can_be_scored(profile: Profile) -> bool:
    """A history alone cannot, nor can what the contract refuses by now."""
    try:
        profile.parse()
    except InvalidApplicant:
        return False
    return True


def _profiles(table: str, access: Access) -> Iterator[Profile]:
    pages: Iterable[Any] = access.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    with tqdm(desc="Read profiles", unit="applicant") as bar:
        for page in pages:
            for item in page["Items"]:
                yield Profile.from_item(item)
            bar.update(len(page["Items"]))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.relist",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    name_stack(parser)
    try:
        access, outputs = find_stack(parser.parse_args(arguments))
        found = relist(outputs, access)
    except (CreditScoringError, FileNotFoundError, BotoCoreError, ClientError) as error:
        print(f"Nothing more was listed: {error}", file=sys.stderr)
        return 1
    print(f"{found.listed} applicants listed, {found.left_out} left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
