"""GET /model/features and /model/importance: what the model reads, and how much each counts."""

from typing import TYPE_CHECKING, Any

from credit_scoring.contract.columns import DERIVED, FEATURES
from credit_scoring.features import FeatureSchema

from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.bundle_files import BundleFile
from functions.score_api.model.serving_model import Served
from functions.score_api.request import Request
from functions.score_api.service import Service

if TYPE_CHECKING:
    from credit_scoring.population.importance import Importance

KEPT: BundleFile["Importance"] = BundleFile("reference.npz", "reference data")


def get_features(_: Request, service: Service) -> Response:
    model = service.model.current().model
    items = [feature_content(model.schema, name) for name in model.schema.names]
    version = {"version": model.version, "sha256": model.sha256}
    return json_response({"items": items, "cursor": None, "model": version})


def get_importance(_: Request, service: Service) -> Response:
    served = service.model.current()
    return json_response(importance_content(served, _importance(service, served)))


def feature_content(schema: FeatureSchema, name: str) -> dict[str, Any]:
    """What a feature means, and the categories that the model was trained on."""
    column = FEATURES[name]
    return {
        "feature": name,
        "label": column.label,
        "family": column.family,
        "unit": column.unit,
        "type": column.type,
        "source": "computed" if name in DERIVED else column.source,
        "description": column.description,
        "categories": list(schema.vocabularies.get(name, ())),
    }


def importance_content(served: Served, found: "Importance") -> dict[str, Any]:
    model = served.model
    return {
        "items": [
            {
                "feature": name,
                "label": FEATURES[name].label,
                "family": FEATURES[name].family,
                "mean_contribution": mean,
            }
            for name, mean in found.features
        ],
        "cursor": None,
        "families": [
            {"family": family, "mean_contribution": mean} for family, mean in found.families
        ],
        "rows": found.rows,
        "model": {"version": model.version, "sha256": model.sha256},
    }


def _importance(service: Service, served: Served) -> "Importance":
    from credit_scoring.population.importance import measure_importance  # noqa: PLC0415  (no score needs it)

    return KEPT.of(service.models, served, lambda data: measure_importance(served.model, data))
