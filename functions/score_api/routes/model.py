"""GET /model: the identity card of the model in use."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.score_api.responses import json_response
from functions.score_api.service import Service
from functions.score_api.serving_model import Served


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.get("/model")
    def get_model() -> Response[str]:
        return json_response(model_content(service.model.current()))


def model_content(served: Served) -> dict[str, Any]:
    model, champion = served.model, served.champion
    return {
        "version": model.version,
        "sha256": model.sha256,
        "cutoff": model.cutoff,
        "cost_ratio": model.cost_ratio,
        "base_value": model.forest.base_value,
        "risk_band_edges": list(model.band_edges),
        "promoted_at": champion.promoted_at,
        "promoted_by": champion.promoted_by,
        "features": len(model.schema),
        "training": model.facts.get("training", {}),
        "metrics": model.facts.get("metrics", {}),
    }
