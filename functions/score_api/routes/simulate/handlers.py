"""POST /simulate: an application as it is and with other values, in one call."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from credit_scoring.contract.columns import FEATURES
from credit_scoring.errors import InvalidApplicant, Problem
from credit_scoring.reasons.families import FAMILIES, family_indices, sum_by_family
from credit_scoring.scoring import Scores
from credit_scoring.what_if.simulation import simulate

from functions.score_api.answers.what_if import BASE, answer_head, read_base, verdict
from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.responses import Response, json_response
from functions.score_api.request import Request
from functions.score_api.service import Service

MOST_VARIANTS = 50
FEATURES_TOLD = 20


def simulate_changes(request: Request, service: Service) -> Response:
    content = read_json_object(request)
    variants = read_variants(content)
    model = service.model.current().model
    base = read_base(request, service, model, content)
    found = simulate(model, base, variants)
    request.outcome.note(model_version=model.version)
    contents = variant_contents(found.scores)
    items = [
        {"changes": sent, "applied": applied, **content}
        for sent, applied, content in zip(variants, found.applied, contents, strict=True)
    ]
    before = verdict(found.scores, 0)
    return json_response({**answer_head(base, model), "before": before, "items": items})


def read_variants(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`changes` of a body. Raises InvalidApplicant unless they are objects that change a field."""
    fields = BodyFields(content, (*BASE, "changes"))
    variants = fields.items("changes", least=1, most=MOST_VARIANTS)
    fields.check()
    wrong = [
        Problem(f"changes[{place}]", "wrong_type", "", "an object of fields and values")
        for place, variant in enumerate(variants)
        if not isinstance(variant, dict) or not variant
    ]
    if wrong:
        raise InvalidApplicant(wrong)
    return variants


def variant_contents(scores: Scores) -> list[dict[str, Any]]:
    """Each variant, and what it changes beside row 0, which is none."""
    # Of all rows at once: a row's bits do not depend on its company.
    places = family_indices(scores.model.schema.names)
    base, *sums = sum_by_family(scores.contributions, places, len(FAMILIES)).tolist()
    return [
        {
            "after": verdict(scores, row),
            "families": _families(base, variant),
            "features": _features(scores, row),
        }
        for row, variant in enumerate(sums, start=1)
    ]


def _families(base: list[float], variant: list[float]) -> list[dict[str, Any]]:
    """Every family, the one that changes most first; the changes make that of the margin."""
    contents = [
        {"family": family, "before": before, "after": after, "change": after - before}
        for family, before, after in zip(FAMILIES, base, variant, strict=True)
    ]
    return sorted(contents, key=lambda content: -abs(content["change"]))


def _features(scores: Scores, row: int) -> list[dict[str, Any]]:
    """Those that change most."""
    change = scores.contributions[row] - scores.contributions[0]
    heaviest = np.argsort(-np.abs(change), kind="stable")[:FEATURES_TOLD].tolist()
    names = scores.model.schema.names
    return [
        {
            "feature": names[place],
            "family": FEATURES[names[place]].family,
            "label": FEATURES[names[place]].label,
            "unit": FEATURES[names[place]].unit,
            "value_before": scores.feature_value(0, place),
            "value_after": scores.feature_value(row, place),
            "before": float(scores.contributions[0, place]),
            "after": float(scores.contributions[row, place]),
            "change": float(change[place]),
        }
        for place in heaviest
        if change[place] != 0
    ]
