"""GET /promotions and what moves the pointer: the promoter does it, in a role of its own."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.registry.champion import read_history
from credit_scoring.registry.proposals import (
    APPROVED,
    IN_FORCE,
    OPEN,
    UNFINISHED,
    VOID,
    WITHDRAWN,
    list_proposals,
)

from functions.score_api.http.bodies import read_json_object
from functions.score_api.http.body_fields import BodyFields
from functions.score_api.http.idempotency import read_key
from functions.score_api.http.problems import RETRY_AFTER, RequestRefused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService
from functions.score_api.request import Request
from functions.score_api.routes.models.handlers import VERSION_PATTERN

KINDS = ("promotion", "rollback")
ACTIONS = {"promotion": "promote", "rollback": "roll_back"}
SHORTEST_REASON, LONGEST_REASON = 3, 1_000
PROPOSED = "proposed"
PROPOSAL_PATTERN = "[0-9a-f]{32}"
# What has become of a proposal -> as answers say it. One that was approved and then broken off is
# open: whoever approves it finishes it.
SHOWN = {OPEN: OPEN, UNFINISHED: OPEN, IN_FORCE: APPROVED, WITHDRAWN: WITHDRAWN, VOID: VOID}
LONGEST_VERSION = 64


def list_promotions(_: Request, service: OperatorService) -> Response:
    """Newest first; the newest proposals with what has become of them."""
    history = read_history(service.models)
    return json_response(
        {
            "history": [dict(vars(entry)) for entry in reversed(history)],
            "proposals": [
                asdict(proposal) | {"state": SHOWN[proposal.standing(history)]}
                for proposal in list_proposals(service.models)
            ],
        }
    )


def promote(request: Request, service: OperatorService) -> Response:
    """201 once the version serves, 202 where a second person has to approve it."""
    fields = BodyFields(read_json_object(request), ("version", "kind", "reason", "over"))
    kind = fields.word("kind", KINDS)
    asked = {
        "action": ACTIONS[kind],
        "version": _version(fields, "version"),
        "over": _version(fields, "over") if fields.has("over") else None,
        "reason": _reason(fields),
        # One that was sent without a key is an intention of its own.
        "key": read_key(request.headers) or secrets.token_hex(16),
    }
    fields.check()
    done = _ask(request, service, asked)
    status = HTTPStatus.ACCEPTED if done["outcome"] == PROPOSED else HTTPStatus.CREATED
    return json_response(done, status=status)


def approve(request: Request, service: OperatorService) -> Response:
    return _answer(request, service, "approve")


def withdraw(request: Request, service: OperatorService) -> Response:
    return _answer(request, service, "withdraw")


def _answer(request: Request, service: OperatorService, action: str) -> Response:
    fields = BodyFields(read_json_object(request), ("reason",))
    reason = _reason(fields)
    fields.check()
    if not re.fullmatch(PROPOSAL_PATTERN, request.parts["id"]):
        raise RequestRefused(
            HTTPStatus.NOT_FOUND, "There is no such proposal.", title="Proposal not found"
        )
    asked = {"action": action, "proposal": request.parts["id"], "reason": reason}
    return json_response(_ask(request, service, asked))


def _version(fields: BodyFields, name: str) -> str:
    version = fields.text(name, most=LONGEST_VERSION)
    if version and not re.fullmatch(VERSION_PATTERN, version):
        fields.refuse(name, "wrong_type", version, "the twelve digits of a version")
    return version


def _reason(fields: BodyFields) -> str:
    """On one line, as the history shows it: breaks and odd spaces become spaces."""
    reason = " ".join(fields.text("reason", least=SHORTEST_REASON, most=LONGEST_REASON).split())
    if reason and not (reason.isprintable() and len(reason) >= SHORTEST_REASON):
        fields.refuse("reason", "wrong_type", "", "words, without invisible characters")
    return reason


def _ask(request: Request, service: OperatorService, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Raises RequestRefused with what the promoter says, StorageError when it does not answer."""
    request.outcome.note(action=asked["action"])
    event = json.dumps({**asked, "by": request.caller.name}).encode()
    with translated("promote", ""):
        answer = client("lambda").invoke(FunctionName=service.promoter, Payload=event)
        content = answer["Payload"].read()
    if "FunctionError" in answer:
        raise RequestRefused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The promoter did not answer: send the same request again, with the same key.",
            headers=RETRY_AFTER,
        )
    told: dict[str, Any] = json.loads(content)
    if "error" in told:
        raise _refusal(told["error"])
    return told


def _refusal(error: Mapping[str, Any]) -> RequestRefused:
    status = HTTPStatus(error["status"])
    headers = RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return RequestRefused(status, error["detail"], title=error["title"], headers=headers)
