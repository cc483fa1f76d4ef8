"""GET /applicants: those whom a caller sees, searched, filtered, sorted, a page at a time."""

import re
import time

from credit_scoring.contract.applicants import ID_CHARACTERS
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.stored.batches import is_branch

from functions.score_api.access import require_branch
from functions.score_api.answers.search import (
    AGE_BANDS,
    SORTS,
    STATES,
    CursorInvalid,
    Position,
    Search,
    age_range,
    describe,
    search,
)
from functions.score_api.http.parameters import Parameters, no_such_page, refused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

FOUND, MOST_FOUND = 20, 100
ORDERS = ("asc", "desc")
MISSING = ("some", "none")
# Of what a list tells, and what each may be.
FILTERS = {
    "state": STATES,
    "decision": VERDICTS,
    "risk_band": RISK_BANDS,
    "income_type": INPUTS[with_role("income_type")].categories,
    "age_band": tuple(AGE_BANDS),
    "missing_scores": MISSING,
    "sort": tuple(SORTS),
    "order": ORDERS,
}


def find_applicants(request: Request, service: Service) -> Response:
    branches = _branches(request)
    wanted = read_search(request)
    rows = service.lists.rows(branches)
    cases = service.cases_seen.of_all(
        sorted({name.decode() for name in set(rows.branches.tolist())})
    )
    question = wanted.question(branches)
    page = search(rows, cases, wanted, after=_position(request, question))
    viewer, now = request.caller.name, time.time()
    return json_response(
        {
            "items": [
                describe(rows, place, cases, viewer=viewer, now=now)
                for place in page.places.tolist()
            ],
            "cursor": Position(*page.last, question).to_text() if page.last else None,
            "total": page.total,
        }
    )


def _branches(request: Request) -> tuple[str, ...] | None:
    """Where to search; None: everywhere."""
    sent = Parameters(request.query)
    if "branch" not in sent:
        seen = request.caller.branches
        return None if seen is None else tuple(sorted(seen))
    asked = sent.text("branch")
    if not is_branch(asked):
        raise refused("branch", "a branch's name")
    require_branch(request.caller, asked)
    return (asked,)


def read_search(request: Request) -> Search:
    """Raises RequestRefused (400) for a wrong parameter."""
    sent = Parameters(request.query)
    chosen = {name: sent.one_of(name, allowed) for name, allowed in FILTERS.items()}
    prefix = sent.text("query")
    if prefix and not re.fullmatch(ID_CHARACTERS, prefix):
        prefix = "\x7f"  # no id can begin like that
    missing = chosen["missing_scores"]
    return Search(
        prefix=prefix,
        state=chosen["state"] or "all",
        verdict=chosen["decision"],
        band=chosen["risk_band"],
        income_type=chosen["income_type"],
        ages=age_range(chosen["age_band"]),
        amounts=(sent.amount("amount_min", -float("inf")), sent.amount("amount_max", float("inf"))),
        missing_scores=missing == "some" if missing else None,
        sort=chosen["sort"] or "applicant_id",
        descending=chosen["order"] == "desc",
        limit=sent.whole("limit", FOUND, least=1, most=MOST_FOUND),
    )


def _position(request: Request, question: int) -> Position | None:
    """Where the page before ended. Raises RequestRefused (404) for a cursor that is none."""
    cursor = Parameters(request.query).text("cursor")
    try:
        return Position.of_text(cursor, question) if cursor else None
    except CursorInvalid:
        raise no_such_page() from None
