"""GET /applicants: a branch's applicants, searched, filtered, a page at a time."""

import math
import re
from dataclasses import replace
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from credit_scoring.contract.applicants import ID_CHARACTERS
from credit_scoring.contract.columns import INPUTS, with_role
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.errors import ApplicantNotFound
from credit_scoring.scoring import Model
from credit_scoring.stored.batches import is_branch

from functions.score_api.access import require_branch
from functions.score_api.answers.search import (
    AGE_BANDS,
    CursorInvalid,
    Item,
    Search,
    describe,
    read_cursor,
    search,
)
from functions.score_api.answers.stored_applicants import find_profile
from functions.score_api.http.parameters import Parameters, no_such_page, refused
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

FOUND, MOST_FOUND = 20, 100
# Of what a list tells, and what each may be.
FILTERS = {
    "decision": VERDICTS,
    "risk_band": RISK_BANDS,
    "income_type": INPUTS[with_role("income_type")].categories,
    "age_band": tuple(AGE_BANDS),
}


def find_applicants(request: Request, service: Service) -> Response[str]:
    model = service.model.current().model
    branches = _branches(request)
    if branches is None:
        return json_response({"items": _exactly(request, service, model), "cursor": None})
    wanted = read_search(request, branches)
    found = search(service.profiles, model, wanted) if wanted else ([], None)
    return json_response({"items": found[0], "cursor": found[1]})


def _branches(request: Request) -> tuple[str, ...] | None:
    """Where to search; None: whoever sees every branch has named none."""
    sent = Parameters(request.query)
    asked = sent.text("branch")
    if "branch" not in sent:
        seen = request.caller.branches
        return None if seen is None else tuple(seen)
    if not is_branch(asked):
        raise refused("branch", "a branch's name")
    require_branch(request.caller, asked)
    return (asked,)


def _exactly(request: Request, service: Service, model: Model) -> list[Item]:
    """Without a branch an applicant is found by the whole id: nothing is read through."""
    wanted = Parameters(request.query).text("query")
    if not wanted or request.query.keys() != {"query"}:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, "You see every branch: name one with `branch`, or a whole id."
        )
    try:
        profile = find_profile(request, service, wanted)
    except ApplicantNotFound:
        return []
    return list(describe(model, [profile]).values())


def read_search(request: Request, branches: tuple[str, ...]) -> Search | None:
    """None: no id can begin like that. Raises RequestRefused (400) for a wrong parameter."""
    sent = Parameters(request.query)
    prefix, cursor = sent.text("query"), sent.text("cursor")
    given = {name: sent.one_of(name, allowed) for name, allowed in FILTERS.items()}
    wanted = Search(
        branches,
        prefix=prefix,
        limit=sent.whole("limit", FOUND, least=1, most=MOST_FOUND),
        equal={name: value for name, value in given.items() if value},
        amounts=(sent.amount("amount_min", 0.0), sent.amount("amount_max", math.inf)),
    )
    if prefix and not re.fullmatch(ID_CHARACTERS, prefix):
        return None
    try:
        after = read_cursor(cursor, branches=branches, prefix=prefix) if cursor else None
    except CursorInvalid:
        raise no_such_page() from None
    return replace(wanted, after=after)
