"""GET /applicants/{id}/peers: how similar accepted files were repaid, as natural frequencies."""

from typing import Any

from credit_scoring.population.peers import FILE, PeerGroup, Peers
from credit_scoring.scoring import score_applicants

from functions.score_api.answers.stored_applicants import stored_applicant
from functions.score_api.answers.what_if import answer_head, verdict
from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.bundle_files import BundleFile
from functions.score_api.request import Request
from functions.score_api.service import Service

LEVEL = 0.95
KEPT: BundleFile[Peers] = BundleFile(FILE, "peers")


def get_peers(request: Request, service: Service) -> Response:
    base = stored_applicant(request, service, request.parts["id"])
    served = service.model.current()
    peers = KEPT.of(service.models, served, Peers.from_bytes)
    scores = score_applicants(served.model, base)
    request.outcome.note(model_version=served.model.version)
    group = peers_content(peers.around(scores.contributions[0]))
    head = answer_head(base, served.model)
    return json_response({**head, "applicant": verdict(scores, 0), "peers": group})


def peers_content(group: PeerGroup) -> dict[str, Any]:
    low, high = group.interval
    return {
        "files": "accepted",
        "rows": group.rows,
        "defaults": group.defaults,
        "share": group.defaults / group.rows,
        "interval": {"low": low, "high": high, "level": LEVEL},
        "mean_probability_of_default": group.mean_pd,
        "cells": group.cells,
        "distance": group.distance,
        "typical": group.typical,
        "text": _text(group),
    }


def _text(group: PeerGroup) -> dict[str, str]:
    low, high = (round(100 * bound) for bound in group.interval)
    rows, defaults = group.rows, group.defaults
    return {
        "fr": f"Sur {rows} dossiers acceptés semblables, {defaults} en défaut : {low} à {high} %.",
        "en": f"Of {rows} similar accepted files, {defaults} defaulted: {low} to {high} %.",
    }
