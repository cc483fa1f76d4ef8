"""GET /population/{feature} and /population/scatter."""

from functions.score_api.openapi.operations import Content, in_path, in_query, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    FAMILY,
    NEXT_PAGE,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    probability,
    text,
)
from functions.score_api.openapi.what_if import MODEL

FEATURE = in_path("feature", "One that the model reads.", text())
APPLICANT = in_query("applicant", "A stored applicant, to be placed among the others.", text())
AMONG = in_query(
    "among",
    "Who is counted: all, or the tenth that the model sees most like the applicant.",
    one_of(("all", "similar")) | {"default": "all"},
)
ABOUT = "From the model's reference data, as counts: one below 10 is not told."


def get_distribution() -> Content:
    described = operation(
        "getDistribution", "How a feature is spread", "Distribution", 400, 404, 422, 503
    )
    return described | {"description": ABOUT, "parameters": [APPLICANT, AMONG]}


def get_scatter() -> Content:
    described = operation("getScatter", "Two features together", "Scatter", 400, 404, 503)
    axes = [in_query(name, "A feature.", text(), required=True) for name in ("x", "y")]
    return described | {"description": ABOUT, "parameters": axes}


def get_places() -> Content:
    told = "Of each feature that is a number: which share of the reference data has less of it."
    described = operation("getPlaces", "An applicant's place among all", "Places", 404, 503)
    return described | {"description": told}


def feature() -> Content:
    return FEATURE


TELLABLE: Schema = {"type": ["integer", "null"], "minimum": 0, "description": "null: withheld."}
GROUP = {"rows": TELLABLE, "accepted": TELLABLE, "refused": TELLABLE}
BOUNDS: dict[str, Schema] = {
    "category": {"type": ["string", "null"]},
    "from": {"type": ["number", "null"], "description": "Included; null: open."},
    "to": {"type": ["number", "null"], "description": "Not included; null: open."},
}
FEATURE_FACTS: dict[str, Schema] = {
    "feature": text(),
    "label": BILINGUAL,
    "family": FAMILY,
    "unit": text(),
    "type": text(),
}
AXIS = object_of({**FEATURE_FACTS, "bins": list_of(object_of(BOUNDS))})
SHARE_BELOW = probability(
    "Of the rows with a value, to the hundredth: those with less; of days that are counted "
    "backwards, with less time."
)
PLACE = object_of(
    {
        "applicant_id": text(),
        "value": {"type": ["number", "string", "null"]},
        "bin": {"type": ["integer", "null"], "description": "Its place among the bins, from 0."},
        "share_below": nullable(SHARE_BELOW),
    }
)
SCHEMAS: dict[str, Schema] = {
    "Places": object_of(
        {
            "items": list_of(object_of({"feature": text(), "share_below": SHARE_BELOW})),
            "cursor": NEXT_PAGE,
            "model": MODEL,
        }
    ),
    "Distribution": object_of(
        {
            "model": MODEL,
            **FEATURE_FACTS,
            "bins": list_of(object_of({**BOUNDS, **GROUP})),
            "missing": object_of(GROUP),
            "applicant": nullable(PLACE),
        }
    ),
    "Scatter": object_of(
        {
            "model": MODEL,
            "x": AXIS,
            "y": AXIS,
            "cells": list_of(
                object_of(
                    {
                        "x": COUNT,
                        "y": COUNT,
                        "rows": COUNT,
                        "mean_probability_of_default": probability(),
                    }
                )
            ),
            "left_out": number("Share of rows without a value, or in a cell of too few."),
        }
    ),
}
