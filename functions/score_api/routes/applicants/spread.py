"""GET /applicants/{id}/spread: what models trained on other parts of the data say."""

import numpy as np
from credit_scoring.decision import accepts
from credit_scoring.registry.bundle import load_file
from credit_scoring.registry.fold_models import INDEX, FoldModel, read_fold_models
from credit_scoring.scoring import judge_applicants

from functions.score_api.answers.stored_applicants import stored_applicant
from functions.score_api.answers.what_if import answer_head
from functions.score_api.http.responses import Response, json_response
from functions.score_api.model.bundle_files import BundleFile
from functions.score_api.model.serving_model import Served
from functions.score_api.request import Request
from functions.score_api.service import Service

KEPT: BundleFile[list[FoldModel]] = BundleFile(INDEX, "models of its cross-validation")


def spread_of_models(request: Request, service: Service) -> Response:
    served = service.model.current()
    base = stored_applicant(request, service, request.parts["id"])
    models = _fold_models(service, served)
    own = float(judge_applicants(served.model, base).default_probabilities[0])
    others = np.array([float(model.default_probabilities(base)[0]) for model in models])
    accepted = int(accepts(others, cutoff=served.model.cutoff).sum())
    return json_response(
        {
            **answer_head(base, served.model),
            "probability_of_default": own,
            "models": len(others),
            "lowest": min([own, *others.tolist()]),
            "highest": max([own, *others.tolist()]),
            "decisions": {"accept": accepted, "refuse": len(others) - accepted},
        }
    )


def _fold_models(service: Service, served: Served) -> list[FoldModel]:
    version, sha256 = served.model.version, served.model.sha256

    def parse(index: bytes) -> list[FoldModel]:
        return read_fold_models(
            index, lambda name: load_file(service.models, version, name, sha256=sha256)
        )

    return KEPT.of(service.models, served, parse)
