"""GET /model and /model/card: the model in use, as figures and as a page for people."""

from http import HTTPStatus
from typing import Any

from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMissing
from credit_scoring.registry.bundle import load_file

from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import Response, json_response, text_response
from functions.score_api.model.serving_model import Served
from functions.score_api.request import Request
from functions.score_api.service import Service

# Format -> file of the bundle, and its type.
CARDS = {"html": ("model_card.html", "text/html"), "md": ("model_card.md", "text/markdown")}
# A card shows itself: its own style and its own pictures. It runs nothing and fetches nothing.
CARD_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def get_model(_: Request, service: Service) -> Response:
    return json_response(model_content(service.model.current()))


def get_model_card(request: Request, service: Service) -> Response:
    wanted = request.query.get("format", "html")
    if wanted not in CARDS:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, f"`format` must be one of: {', '.join(CARDS)}."
        )
    name, content_type = CARDS[wanted]
    served = service.model.current()
    card = read_card(service.models, served, name)
    # A card is part of the bundle that its version is the hash of, so it cannot say it itself.
    headers = CARD_HEADERS | {"Model-Version": served.model.version}
    return text_response(card, content_type=content_type, headers=headers)


def model_content(served: Served) -> dict[str, Any]:
    model, champion = served.model, served.champion
    return {
        "version": model.version,
        "sha256": model.sha256,
        "cutoff": model.cutoff,
        "cost_ratio": model.cost_ratio,
        "base_value": model.explainer.base_value,
        "risk_band_edges": list(model.band_edges),
        "promoted_at": champion.promoted_at,
        "promoted_by": champion.promoted_by,
        "features": len(model.schema),
        "training": model.facts.get("training", {}),
        "metrics": model.facts.get("metrics", {}),
    }


def read_card(models: Store, served: Served, name: str) -> str:
    """Of the very bundle that serves, verified. Raises RequestRefused (404) when it has none."""
    try:
        return load_file(models, served.model.version, name, sha256=served.model.sha256).decode()
    except ArtifactMissing:
        raise RequestRefused(
            HTTPStatus.NOT_FOUND,
            "The model in use was published without a card: train and promote it anew.",
            title="Model card not found",
        ) from None
