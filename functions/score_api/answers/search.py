"""Searching a branch's applicants: read by index in steps, scored, filtered, a page at a time.

Filters look at what an applicant scores now, so a page never tells the decision of a model that no
longer serves. One request reads at most MOST_READ profiles in at most MOST_STEPS steps: where few
match, a page may hold fewer than were asked for, and its cursor goes on from there.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from credit_scoring.contract.applicants import Applicants, is_id, plain_value
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.errors import InvalidApplicant
from credit_scoring.scoring import Model, Scores, score_applicants
from credit_scoring.stored.applicant_index import ApplicantIndex
from credit_scoring.stored.profiles import Profile, ProfileTable
from credit_scoring.what_if.stacking import stack

MOST_READ, MOST_STEPS, READ_AT_ONCE = 300, 20, 100
DAYS_A_YEAR = 365.25
# Years, the upper end included; the last one is open.
AGE_BANDS = {"18-24": (18, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54),
             "55-64": (55, 64), "65+": (65, 150)}  # fmt: skip

Item = dict[str, Any]
Position = tuple[str, str]


class CursorInvalid(ValueError):
    """It is not one that an answer to this very search gave."""


@dataclass(frozen=True)
class Search:
    """branches : in which; prefix : of the id; after : branch and id of the last one seen
    equal : item's key -> wanted value; amounts : least and most
    """

    branches: tuple[str, ...]
    prefix: str = ""
    limit: int = 20
    after: Position | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    amounts: tuple[float, float] = (0.0, float("inf"))

    @property
    def has_filters(self) -> bool:
        return bool(self.equal) or self.amounts != (0.0, float("inf"))

    def accepts(self, item: Item) -> bool:
        least, most = self.amounts
        if (least, most) != (0.0, float("inf")) and not least <= (item["amount"] or -1) <= most:
            return False
        told = {**item, **(item["score"] or {}), "age_band": age_band(item["age"])}
        return all(told.get(name) == value for name, value in self.equal.items())


def search(profiles: ProfileTable, model: Model, wanted: Search) -> tuple[list[Item], str | None]:
    """One page, and the cursor of the next (None: there is none)."""
    found: list[Item] = []
    position: Position = ("", "")
    for branch, ids in _steps(ApplicantIndex(profiles.name), wanted):
        items = describe(model, _read(profiles, branch, ids))
        for applicant_id in ids:
            position = (branch, applicant_id)
            item = items.get(applicant_id)
            if item is not None and wanted.accepts(item):
                found.append(item)
            if len(found) == wanted.limit:
                return found, write_cursor(position)
        if not ids:  # the steps were used up
            return found, write_cursor((branch, position[1] if position[0] == branch else ""))
    return found, None


def describe(model: Model, profiles: Sequence[Profile]) -> dict[str, Item]:
    """By id, what a list tells of each; no score where the stored application cannot be scored."""
    parsed = [(profile, _parse(profile)) for profile in profiles]
    fine = [applicants for _, applicants in parsed if applicants is not None]
    scores, places = score_applicants(model, stack(fine)), iter(range(len(fine)))
    return {
        profile.applicant_id: _item(profile, applicants)
        | {"score": None if applicants is None else _score(scores, next(places))}
        for profile, applicants in parsed
    }


def _steps(index: ApplicantIndex, wanted: Search) -> Iterator[tuple[str, list[str]]]:
    """Branch and some of its ids, again and again; no ids: here the next request goes on."""
    left, size = MOST_READ, READ_AT_ONCE if wanted.has_filters else wanted.limit
    steps = 0
    first, after = wanted.after or ("", "")
    for branch in [branch for branch in sorted(wanted.branches) if branch >= first]:
        after = after if branch == first else ""
        while True:
            if steps == MOST_STEPS or left <= 0:
                yield branch, []
                return
            ids = index.ids(branch, prefix=wanted.prefix, after=after, limit=size)
            steps, left = steps + 1, left - len(ids)
            if ids:
                yield branch, ids
                after = ids[-1]
            if len(ids) < size:
                break


def _read(profiles: ProfileTable, branch: str, ids: Sequence[str]) -> list[Profile]:
    """In the order of `ids`; the index may lag behind a profile that moved."""
    found = profiles.get_many(ids)
    read = (found.get(applicant_id) for applicant_id in ids)
    return [profile for profile in read if profile is not None and profile.branch == branch]


def _parse(profile: Profile) -> Applicants | None:
    try:
        return profile.parse()
    except InvalidApplicant:
        return None


def _item(profile: Profile, applicants: Applicants | None) -> Item:
    days = _value(applicants, with_role("birth"))
    return {
        "applicant_id": profile.applicant_id,
        "branch": profile.branch,
        "updated_at": profile.updated_at,
        "amount": _value(applicants, with_role("credit")),
        "income_type": _value(applicants, with_role("income_type")),
        "age": None if days is None else int(-days // DAYS_A_YEAR),
    }


def _value(applicants: Applicants | None, name: str) -> Any:
    return None if applicants is None else plain_value(INPUTS[name], applicants[name][0])


def _score(scores: Scores, row: int) -> Item:
    return {
        "probability_of_default": float(scores.default_probabilities[row]),
        "decision": scores.decision(row),
        "risk_band": scores.risk_band(row),
    }


def age_band(age: int | None) -> str | None:
    if age is None:
        return None
    return next((name for name, (low, high) in AGE_BANDS.items() if low <= age <= high), None)


def write_cursor(position: Position) -> str:
    """Of the searched branches only: it tells its holder nothing that they may not see."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def read_cursor(text: str, *, branches: Sequence[str], prefix: str) -> Position:
    """Checked against the search that it continues. Raises CursorInvalid."""
    try:
        content = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise CursorInvalid from None
    match content:
        case [str(branch), str(applicant_id)] if branch in branches:
            if not applicant_id or (is_id(applicant_id) and applicant_id.startswith(prefix)):
                return branch, applicant_id
    raise CursorInvalid
