"""Searching the applicants that a caller sees: filtered, sorted and counted over the lists.

All of it is arithmetic over columns (see `stored/applicant_lists.py`): a rare filter over some
hundred thousand applicants reads no profile. A list tells what an applicant scored when the model
last looked, and which model that was.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import numpy as np
from credit_scoring.arrays import Flags
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.review import CAUSES
from credit_scoring.stored.applicant_lists import ApplicantRows
from credit_scoring.stored.cases import FINAL, TO_CONFIRM, Case
from numpy.typing import NDArray

# Years, the upper end included; the last one is open.
AGE_BANDS = {"18-24": (18, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54),
             "55-64": (55, 64), "65+": (65, 150)}  # fmt: skip
# Word of the API -> column to sort by.
SORTS = {
    "applicant_id": "ids",
    "amount": "amounts",
    "income": "incomes",
    "age": "ages",
    "probability_of_default": "pds",
    "updated_at": "updated",
}
# Where an application stands: of those to review nothing was decided, and no colleague confirms.
STATES = ("all", "open", "review", "to_confirm", "decided")

Item = dict[str, Any]
Cases = Mapping[str, Case]
Range = tuple[float, float]
ANY: Range = (-np.inf, np.inf)
MOST_COUNTED = 2**31


class CursorInvalid(ValueError):
    """It is not one that an answer to a search gave."""


@dataclass(frozen=True)
class Position:
    """Of the last one that a page told: its id, and how many were told up to it.

    question : of the search that it belongs to
    """

    applicant_id: str
    count: int
    question: int

    def to_text(self) -> str:
        content = json.dumps([self.applicant_id, self.count, self.question])
        return base64.urlsafe_b64encode(content.encode()).decode()

    @classmethod
    def of_text(cls, text: str, question: int) -> "Position":
        """Raises CursorInvalid for any text that no page of this question gave."""
        try:
            content = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError, RecursionError):
            raise CursorInvalid from None
        match content:
            case [str(applicant_id), int(count), int(asked)] if asked == question:
                if 0 < count < MOST_COUNTED:
                    return cls(applicant_id, count, question)
        raise CursorInvalid


@dataclass(frozen=True)
class Search:
    """prefix : of the id; state : of STATES

    verdict, band, income_type : "" for any; ages : both included; amounts : least and most
    missing_scores : whether an external score is missing, None for any
    """

    prefix: str = ""
    state: str = "all"
    verdict: str = ""
    band: str = ""
    income_type: str = ""
    ages: Range = ANY
    amounts: Range = ANY
    missing_scores: bool | None = None
    sort: str = "applicant_id"
    descending: bool = False
    limit: int = 20

    def question(self, branches: Sequence[str] | None) -> int:
        """A number of its own for what is asked, however long a page is."""
        asked = repr((replace(self, limit=0), branches))
        return crc32(asked.encode())


@dataclass(frozen=True)
class Page:
    """places : positions in the rows, in the order to tell them; total : of all that fit

    last : id of the last one and how many were told up to it, None where nothing follows
    """

    places: NDArray[np.int32]
    total: int
    last: tuple[str, int] | None


def search(
    rows: ApplicantRows, cases: Cases, wanted: Search, *, after: Position | None = None
) -> Page:
    """One page of the rows that fit, and how many there are.

    after : where the page before ended
    """
    fits = _fits(rows, wanted) & _stands(rows, cases, wanted.state)
    order = _order(rows, wanted)
    found = order[fits[order]]
    start = _start(rows, found, after)
    places = found[start : start + wanted.limit]
    end = start + len(places)
    last = rows.ids[places[-1]].decode() if end < len(found) else None
    return Page(places, len(found), (last, end) if last is not None else None)


def describe(rows: ApplicantRows, place: int, cases: Cases, *, viewer: str, now: float) -> Item:
    """What a list tells of one applicant.

    viewer : who asks; now : seconds since 1970
    """
    applicant_id = rows.ids[place].decode()
    case = cases.get(applicant_id)
    return {
        "applicant_id": applicant_id,
        "branch": rows.branches[place].decode(),
        "updated_at": _time(rows.updated[place]),
        "amount": _number(rows.amounts[place]),
        "income": _number(rows.incomes[place]),
        "income_type": rows.income_types[place].decode() or None,
        "age": None if np.isnan(rows.ages[place]) else int(rows.ages[place]),
        "missing_scores": int(rows.missing_scores[place]),
        "score": {
            "probability_of_default": float(rows.pds[place]),
            "decision": VERDICTS[rows.verdicts[place]],
            "risk_band": RISK_BANDS[rows.bands[place]],
            "review": [name for bit, name in enumerate(CAUSES) if rows.causes[place] >> bit & 1],
            "model_version": rows.versions[place].decode(),
        },
        "claim": claim_content(case, viewer, now),
        "decided": _decided(case, int(rows.updated[place])),
    }


def claim_content(case: Case | None, viewer: str, now: float) -> dict[str, Any] | None:
    """Who works on it; None: nobody."""
    if case is None or not case.holder(now):
        return None
    until = _time(case.claimed_until * 1000)
    return {"by": case.claimed_by, "until": until, "is_yours": case.claimed_by == viewer}


def _decided(case: Case | None, updated: int) -> dict[str, Any] | None:
    """The decision on this application, not on an earlier one of the same applicant."""
    if case is None or not case.decision or case.decided_at < updated:
        return None
    return {
        "decision": case.decision,
        "decision_id": case.decision_id,
        "by": case.decided_by,
        "at": _time(case.decided_at),
        "status": case.status,
    }


def _fits(rows: ApplicantRows, wanted: Search) -> Flags:
    fits = np.ones(len(rows), np.bool_)
    if wanted.prefix:
        low, high = wanted.prefix.encode(), wanted.prefix.encode() + b"\x7f"
        fits[: np.searchsorted(rows.ids, low)] = False
        fits[np.searchsorted(rows.ids, high) :] = False
    if wanted.verdict:
        fits &= rows.verdicts == VERDICTS.index(wanted.verdict)
    if wanted.band:
        fits &= rows.bands == RISK_BANDS.index(wanted.band)
    if wanted.income_type:
        fits &= rows.income_types == wanted.income_type.encode()
    for column, (least, most) in ((rows.ages, wanted.ages), (rows.amounts, wanted.amounts)):
        if (least, most) != ANY:
            fits &= (column >= least) & (column <= most)
    if wanted.missing_scores is not None:
        fits &= (rows.missing_scores > 0) == wanted.missing_scores
    return fits


def _stands(rows: ApplicantRows, cases: Cases, state: str) -> Flags:
    """Which rows are in this state, bool (n,)."""
    if state == "all":
        return np.ones(len(rows), np.bool_)
    decided = _with_status(rows, cases, FINAL)
    waiting = _with_status(rows, cases, TO_CONFIRM)
    if state == "decided":
        return decided
    if state == "to_confirm":
        return waiting
    is_open = ~decided & ~waiting
    return is_open if state == "open" else is_open & (rows.verdicts == VERDICTS.index("review"))


def _with_status(rows: ApplicantRows, cases: Cases, status: str) -> Flags:
    own = [case for case in cases.values() if case.status == status]
    found = np.zeros(len(rows), np.bool_)
    if own and len(rows):
        ids = np.array([case.applicant_id.encode() for case in own])
        places = np.minimum(np.searchsorted(rows.ids, ids), len(rows) - 1)
        decided_at = np.array([case.decided_at for case in own])
        found[places[(rows.ids[places] == ids) & (decided_at >= rows.updated[places])]] = True
    return found


def _order(rows: ApplicantRows, wanted: Search) -> NDArray[np.int32]:
    """Positions in the wanted order; equal ones by id, what is missing last, whichever way."""
    column = SORTS[wanted.sort]
    if column not in rows.orders:
        rows.orders[column] = np.argsort(getattr(rows, column), kind="stable").astype(np.int32)
    order = rows.orders[column]
    if not wanted.descending:
        return order
    values = getattr(rows, column)
    gaps = int(np.isnan(values).sum()) if values.dtype.kind == "f" else 0
    known = len(order) - gaps
    return np.concatenate([order[:known][::-1], order[known:]])


def _start(rows: ApplicantRows, found: NDArray[np.int32], after: Position | None) -> int:
    """Where the next page begins: behind the one told last, or, if that is gone, as many on."""
    if after is None:
        return 0
    [behind] = np.nonzero(rows.ids[found] == after.applicant_id.encode())
    return int(behind[0]) + 1 if len(behind) else min(after.count, len(found))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC).isoformat(timespec="seconds")


def age_range(band: str) -> Range:
    return AGE_BANDS[band] if band else ANY
