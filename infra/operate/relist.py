"""Make the lists of applicants anew from their profiles, scored by the model that serves.

    python -m infra.operate.relist                     on AWS
    python -m infra.operate.relist --port 4566         on the local cloud

After a promotion rows of the lists tell what the model before said, until this has run. It may be
run again, also while files arrive: of two rows of an applicant the newer application counts. One
who is listed and has no profile any more stays listed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final

import numpy as np
from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.aws.storage import S3Store
from credit_scoring.contract.applicants import Applicants
from credit_scoring.errors import CreditScoringError, InvalidApplicant
from credit_scoring.registry.bundle import load_champion
from credit_scoring.scoring import Model, judge_applicants
from credit_scoring.stored.applicant_lists import ApplicantLists, ApplicantRows, merged
from credit_scoring.stored.listed_scores import list_rows
from credit_scoring.stored.profiles import Profile
from credit_scoring.what_if.stacking import stack
from tqdm import tqdm

from infra.access import Access
from infra.operate.deployed_stack import find_stack, name_stack

SCORED_TOGETHER: Final = 2_000
# Profiles come in no order: a branch's rows wait until they are worth a file.
ROWS_A_PART: Final = 50_000


@dataclass(frozen=True)
class Relisted:
    """listed : applicants whose rows were written; left_out : of no branch, or not to be scored"""

    listed: int
    left_out: int


@dataclass
class _Parts:
    """Rows on their way into the lists of their branches."""

    lists: ApplicantLists
    prefix: str
    _waiting: dict[str, list[ApplicantRows]] = field(default_factory=dict)
    _written: dict[str, int] = field(default_factory=dict)

    def add(self, rows: ApplicantRows) -> None:
        for name in np.unique(rows.branches):
            branch = name.decode()
            own = self._waiting.setdefault(branch, [])
            own.append(rows.take(rows.branches == name))
            if sum(map(len, own)) >= ROWS_A_PART:
                self._write(branch)

    def finish(self) -> None:
        for branch in sorted(self._waiting):
            self._write(branch)
        for branch in sorted(self._written):
            self.lists.merge(branch, most_parts=0)

    def _write(self, branch: str) -> None:
        rows = self._waiting.pop(branch)
        number = self._written.get(branch, 0)
        self.lists.add(branch, f"{self.prefix}-{number:05}", merged(rows))
        self._written[branch] = number + 1


def relist(outputs: Mapping[str, str], access: Access) -> Relisted:
    """Raises CreditScoringError without a champion."""
    s3 = access.client("s3")
    model = load_champion(S3Store(outputs["ModelsBucket"], "models/", s3))
    lists = ApplicantLists(S3Store(outputs["ResultsBucket"], "lists/", s3))
    began, parts, counts = datetime.now(UTC), _Parts(lists, f"relist-{model.version}"), [0, 0]
    profiles = _profiles(outputs["ProfilesTable"], access)
    for some in batched(profiles, SCORED_TOGETHER, strict=False):
        parsed = [(profile, _parse(profile)) for profile in some]
        known = [(profile, applicants) for profile, applicants in parsed if applicants is not None]
        if known:
            parts.add(_rows(model, known, scored=began))
        counts[0] += len(known)
        counts[1] += len(some) - len(known)
    parts.finish()
    return Relisted(*counts)


def _rows(
    model: Model, known: Sequence[tuple[Profile, Applicants]], *, scored: datetime
) -> ApplicantRows:
    applicants = stack([parsed for _, parsed in known])
    return list_rows(
        applicants,
        judge_applicants(model, applicants),
        branches=[profile.branch for profile, _ in known],
        updated=[datetime.fromisoformat(profile.updated_at) for profile, _ in known],
        scored=scored,
    )


def _parse(profile: Profile) -> Applicants | None:
    """None for one of no branch, for a history alone, and for what the contract refuses by now."""
    if not profile.branch:
        return None
    with suppress(InvalidApplicant):
        return profile.parse()
    return None


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
