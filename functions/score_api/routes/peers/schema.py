"""GET /applicants/{id}/peers."""

from functions.score_api.openapi.operations import Content, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    Schema,
    number,
    object_of,
    one_of,
    probability,
    reference,
)
from functions.score_api.openapi.what_if import HEAD

ABOUT = (
    "Counts over cells of at least 100 accepted files each; no file of anybody is told. Where the "
    "model was published without them: 404."
)
OPERATION: Content = operation(
    "getPeers", "How similar accepted files were repaid", "Peers", 404, 422, 503
)


def get_peers() -> Content:
    return OPERATION | {"description": ABOUT}


INTERVAL = object_of({"low": probability(), "high": probability(), "level": probability()})
SCHEMAS: dict[str, Schema] = {
    "Peers": object_of(
        {
            **HEAD,
            "applicant": reference("Verdict"),
            "peers": object_of(
                {
                    "files": one_of(("accepted",), "Refused files have no outcome."),
                    "rows": COUNT,
                    "defaults": COUNT,
                    "share": probability(),
                    "interval": INTERVAL,
                    "mean_probability_of_default": probability("By models that had not seen them."),
                    "cells": COUNT,
                    "distance": number("From the nearest cell's centre, in log-odds."),
                    "typical": {
                        "type": "boolean",
                        "description": "false: farther than 95 % of the accepted files are.",
                    },
                    "text": BILINGUAL,
                }
            ),
        }
    ),
}
