"""GET /model/features and /model/importance."""

from functions.score_api.openapi.operations import Content, operation
from functions.score_api.openapi.shapes import (
    BILINGUAL,
    COUNT,
    FAMILY,
    NEXT_PAGE,
    SHA256,
    VERSION,
    Schema,
    list_of,
    number,
    object_of,
    text,
)

MODEL = object_of({"version": VERSION, "sha256": SHA256})
MEAN = number("Mean of the absolute contributions, in log-odds.") | {"minimum": 0}
FEATURE = object_of(
    {
        "feature": text(),
        "label": BILINGUAL,
        "family": FAMILY,
        "unit": text(),
        "type": text(),
        "source": text("application, a table of past credits, or computed."),
        "description": text(),
        "categories": list_of(text("A category that the model was trained on.")),
    }
)
IMPORTANCE = object_of(
    {"feature": text(), "label": BILINGUAL, "family": FAMILY, "mean_contribution": MEAN}
)


def get_features() -> Content:
    return operation("getFeatures", "What the model in use reads", "FeatureList", 503)


def get_importance() -> Content:
    return operation("getImportance", "How much each counts", "ImportanceList", 404, 503)


SCHEMAS: dict[str, Schema] = {
    "FeatureList": object_of({"items": list_of(FEATURE), "cursor": NEXT_PAGE, "model": MODEL}),
    "ImportanceList": object_of(
        {
            "items": list_of(IMPORTANCE),
            "cursor": NEXT_PAGE,
            "families": list_of(object_of({"family": FAMILY, "mean_contribution": MEAN})),
            "rows": COUNT | {"description": "Applicants that it is the mean of."},
            "model": MODEL,
        }
    ),
}
