"""GET /population/{feature} and /population/scatter: how applicants are spread, as counts."""

from difflib import get_close_matches
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import numpy as np
from credit_scoring.arrays import Flags
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema, build_features
from credit_scoring.population.bins import Axis
from credit_scoring.population.distributions import Distribution, Population, Subpopulation
from credit_scoring.population.reference import Reference
from credit_scoring.reasons.row_reasons import feature_value
from credit_scoring.registry.bundle import REFERENCE
from credit_scoring.scoring import Model

from functions.score_api.answers.stored_applicants import stored_applicant
from functions.score_api.http.parameters import Parameters, refused
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.bundle_files import BundleFile
from functions.score_api.model.serving_model import Served
from functions.score_api.request import Request
from functions.score_api.service import Service

NEAR_NAMES = 3
AMONG = ("all", "similar")
SIMILAR = AMONG[1]
KEPT: BundleFile[Population] = BundleFile(REFERENCE, "reference data")


def get_scatter(request: Request, service: Service) -> Response:
    served = service.model.current()
    sent = request.query
    x, y = (_known(served.model.schema, sent.get(name), name) for name in ("x", "y"))
    found = _population(service, served).scatter(x, y)
    cells = [
        {"x": cell.x, "y": cell.y, "rows": cell.rows, "mean_probability_of_default": cell.mean_pd}
        for cell in found.cells
    ]
    axes = {"x": axis_content(found.x), "y": axis_content(found.y)}
    content = {"model": _version(served.model), **axes, "cells": cells}
    return json_response({**content, "left_out": found.left_out})


def get_distribution(request: Request, service: Service) -> Response:
    served = service.model.current()
    name = _known(served.model.schema, unquote(request.parts["feature"]), "feature")
    population = _population(service, served)
    sent = request.query
    base = None
    if "applicant" in sent:
        base = stored_applicant(request, service, sent["applicant"])
    among = _among(request, served.model, population, base)
    found = population.distribution(name, among=among)
    place = None if base is None else _place(served.model, population, found, base)
    content = {"model": _version(served.model), **distribution_content(found)}
    return json_response({**content, "applicant": place})


def get_places(request: Request, service: Service) -> Response:
    """Of every feature with a number: the share of rows with less."""
    served = service.model.current()
    base = stored_applicant(request, service, request.parts["id"])
    population, schema = _population(service, served), served.model.schema
    values = build_features(base, schema)[0].tolist()
    items = [
        {"feature": name, "share_below": population.share_below(name, value)}
        for name, value in zip(schema.names, values, strict=True)
        if value == value and not FEATURES[name].is_category
    ]
    told = [item for item in items if item["share_below"] is not None]
    return json_response({"items": told, "cursor": None, "model": _version(served.model)})


def distribution_content(found: Distribution) -> dict[str, Any]:
    axis = axis_content(found.axis)
    bins = [
        {**each, **_group(group)} for each, group in zip(axis["bins"], found.groups, strict=True)
    ]
    return {**axis, "bins": bins, "missing": _group(found.missing)}


def axis_content(axis: Axis) -> dict[str, Any]:
    column = FEATURES[axis.feature]
    return {
        "feature": axis.feature,
        "label": column.label,
        "family": column.family,
        "unit": column.unit,
        "type": column.type,
        "bins": [_bin(axis, place) for place in range(len(axis))],
    }


def _bin(axis: Axis, place: int) -> dict[str, Any]:
    if axis.is_category:
        return {"category": axis.words[place], "from": None, "to": None}
    low, high = axis.bounds(place)
    return {"category": None, "from": low, "to": high}


def _group(group: Subpopulation) -> dict[str, Any]:
    return {"rows": group.rows, "accepted": group.accepted, "refused": group.refused}


def _population(service: Service, served: Served) -> Population:
    return KEPT.of(
        service.models,
        served,
        lambda data: Population(served.model, Reference.from_bytes(data)),
    )


def _among(
    request: Request, model: Model, population: Population, base: Applicants | None
) -> Flags | None:
    """Which rows to count; None: all. Raises RequestRefused (400)."""
    if Parameters(request.query).one_of("among", AMONG) != SIMILAR:
        return None
    if base is None:
        raise refused("among", "`all` without an applicant")
    return population.similar(build_features(base, model.schema))


def _place(
    model: Model, population: Population, found: Distribution, base: Applicants
) -> dict[str, Any]:
    """The bin of one applicant's value, and the share of rows with less."""
    name = found.axis.feature
    stored = build_features(base, model.schema)[:, model.schema.names.index(name)]
    value, place = float(stored[0]), int(found.axis.places(stored)[0])
    is_number = not (np.isnan(value) or found.axis.is_category)
    return {
        "applicant_id": base.ids[0],
        "value": feature_value(model.schema, name, value),
        "bin": None if place < 0 else place,
        "share_below": population.share_below(name, value) if is_number else None,
    }


def _known(schema: FeatureSchema, name: str | None, parameter: str) -> str:
    """Raises RequestRefused: 400 without a name, 404 for what the model does not read."""
    if name is None:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, f"`{parameter}` is needed: a feature that the model reads."
        )
    if name not in schema.names:
        raise RequestRefused(HTTPStatus.NOT_FOUND, _advice(schema, name), title="Feature not found")
    return name


def _advice(schema: FeatureSchema, name: str) -> str:
    near = get_close_matches(name[:80].upper(), schema.names, NEAR_NAMES)
    hint = f" Near names: {', '.join(near)}." if near else ""
    return f"The model in use reads no such feature.{hint}"


def _version(model: Model) -> dict[str, str]:
    return {"version": model.version, "sha256": model.sha256}
