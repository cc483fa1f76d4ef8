"""GET /promotions and what moves the pointer: the promoter does it, in a role of its own."""

import json
import re
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from credit_scoring.aws.clients import client, translated
from credit_scoring.registry.champion import read_history
from credit_scoring.registry.proposals import list_proposals

from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.problems import RequestRefused
from functions.score_api.http.responses import json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request

KINDS = ("promotion", "rollback")
ACTIONS = {"promotion": "promote", "rollback": "roll_back"}
SHORTEST_REASON, LONGEST_REASON = 3, 1_000
PROPOSED = "proposed"
_KEY = re.compile(r"[!-~]{1,128}")


def list_promotions(_: Request, service: OperatorService) -> Response[str]:
    """Newest first; every proposal with how it ended."""
    history = [dict(vars(entry)) for entry in reversed(read_history(service.models))]
    proposals = [asdict(proposal) for proposal in list_proposals(service.models)]
    return json_response({"history": history, "proposals": proposals})


def promote(request: Request, service: OperatorService) -> Response[str]:
    """201 once the version serves, 202 where a second person has to approve it."""
    fields = BodyFields(read_json_object(request), ("version", "kind", "reason", "over"))
    kind = fields.word("kind", KINDS)
    asked = {
        "action": ACTIONS[kind],
        "version": fields.text("version", least=12, most=12),
        "over": fields.text("over", least=12, most=12),
        "reason": fields.text("reason", least=SHORTEST_REASON, most=LONGEST_REASON),
        "key": _key(request),
    }
    fields.check()
    done = _ask(request, service, asked)
    status = HTTPStatus.ACCEPTED if done["outcome"] == PROPOSED else HTTPStatus.CREATED
    return json_response(done, status=status)


def approve(request: Request, service: OperatorService) -> Response[str]:
    return _answer(request, service, "approve")


def withdraw(request: Request, service: OperatorService) -> Response[str]:
    return _answer(request, service, "withdraw")


def _answer(request: Request, service: OperatorService, action: str) -> Response[str]:
    fields = BodyFields(read_json_object(request), ("reason",))
    reason = fields.text("reason", least=SHORTEST_REASON, most=LONGEST_REASON)
    fields.check()
    asked = {"action": action, "proposal": request.parts["id"], "reason": reason}
    return json_response(_ask(request, service, asked))


def _ask(request: Request, service: OperatorService, asked: dict[str, str]) -> dict[str, Any]:
    """Raises RequestRefused with what the promoter says, StorageError when it does not answer."""
    event = json.dumps({**asked, "by": request.caller.name}).encode()
    with translated("promote", ""):
        answer = client("lambda").invoke(FunctionName=service.promoter, Payload=event)
        told: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer or not isinstance(told, dict):
        raise RequestRefused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The promoter did not answer: look at the history before you try again.",
        )
    if "error" in told:
        error = told["error"]
        raise RequestRefused(HTTPStatus(error["status"]), error["detail"], title=error["title"])
    request.outcome.note(action=asked["action"])
    return told


def _key(request: Request) -> str:
    """Of the intention; one that was sent without any is an intention of its own."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return request.outcome.invocation_id
    if not _KEY.fullmatch(key):
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, "An Idempotency-Key has 1 to 128 visible ASCII characters."
        )
    return key
