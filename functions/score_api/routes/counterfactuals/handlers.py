"""POST /counterfactuals: the smallest changes that would turn the decision."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION
from credit_scoring.what_if.actionable import SUGGESTED, followers
from credit_scoring.what_if.counterfactuals import (
    TOLERANCE,
    Aim,
    Change,
    Found,
    find_counterfactuals,
)
from credit_scoring.what_if.loan_terms import ANNUITY, Terms, read_terms

from functions.score_api.answers.what_if import BASE, answer_head, read_base, verdict
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.routes.counter_offer.handlers import read_duration
from functions.score_api.service import Service

FIELDS = (*BASE, "duration", "forbidden", "limits", "tolerance", "most")
MOST, DEFAULT = 5, 3
LARGEST_TOLERANCE = 0.5


def find_changes(request: Request, service: Service) -> Response:
    content = read_json_object(request)
    aim, duration, most = read_aim(content)
    model = service.model.current().model
    base = read_base(request, service, model, content)
    terms = _terms(base, duration)
    found = find_counterfactuals(model, base, terms, aim, most=most)
    request.outcome.note(model_version=model.version)
    told_aim = {"probability_of_default": aim.ceiling(model), "tolerance": aim.tolerance}
    head = {**answer_head(base, model), "aim": told_aim}
    return json_response({**head, **found_content(base, found)})


def read_aim(content: Mapping[str, Any]) -> tuple[Aim, int | None, int]:
    """The aim, the duration where it is known, and how many answers are wanted.

    Raises InvalidApplicant with everything that is wrong with the body.
    """
    fields = BodyFields(content, FIELDS)
    # Whoever forbids a field that would never be suggested forbids nothing, and need not know it.
    forbidden = frozenset(fields.texts("forbidden", allowed=tuple(APPLICATION)))
    moving = [name for field in SUGGESTED for name in (field, *followers(field))]
    limits = _limits(fields, list(dict.fromkeys(moving)))
    tolerance = fields.number("tolerance", TOLERANCE, least=0, most=LARGEST_TOLERANCE)
    duration = read_duration(fields)
    most = fields.whole("most", DEFAULT, least=1, most=MOST)
    fields.check()
    return Aim(limits, forbidden, tolerance), duration, most


def _limits(fields: BodyFields, moving: list[str]) -> dict[str, tuple[float, float]]:
    by_field = fields.inside("limits", moving)
    limits = {}
    for name in fields.mapping("limits"):
        if name in moving:
            bounds = by_field.inside(name, ("least", "most"))
            low = bounds.number("least", -np.inf, least=0, most=1e9)
            limits[name] = (low, bounds.number("most", np.inf, least=0, most=1e9))
    return limits


def _terms(base: Applicants, duration: int | None) -> Terms | None:
    """None without an annuity: then nothing is said of the duration."""
    if duration is None and np.isnan(base[ANNUITY][0]):
        return None
    return read_terms(base, duration=duration)


def found_content(base: Applicants, found: Found) -> dict[str, Any]:
    record = base.record(0)
    items = [
        {
            "changes": [_change(record, change) for change in item.changes],
            "applied": item.values,
            "cost": item.cost,
            "after": verdict(found.scores, item.row),
        }
        for item in found.items
    ]
    outcome = "found" if items else "already_accepted" if found.already_accepted else "none"
    before = verdict(found.scores, 0)
    return {"before": before, "outcome": outcome, "tried": found.tried, "items": items}


def _change(record: Mapping[str, object], change: Change) -> dict[str, Any]:
    field = change.lever.field
    return {
        "lever": change.lever.name,
        "field": field,
        "label": APPLICATION[field].label,
        "unit": APPLICATION[field].unit,
        "before": record.get(field),
        "after": change.values[field],
        "duration": change.duration,
        "moves": [
            {"field": name, "before": record.get(name), "after": value}
            for name, value in change.values.items()
            if name != field
        ],
    }
