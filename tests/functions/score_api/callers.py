"""Requests from whoever a test wants: the claims that the gateway hands over, and any route."""

import json
import re
from typing import Any

from functions.score_api.access import PERSON_SCOPE, ROLES
from functions.score_api.all_routes import RULES
from tests.functions.score_api.conftest import Api, Reply, read_event

CLAIMS = {
    "client_id": "3n4b5urk1ft4fl3mg5e62d9ado", "exp": "1795258600", "iat": "1795255000",
    "sub": "d1c9407e-9041-70aa-0f4d-2a9b6a4b7c11", "token_use": "access",
}  # fmt: skip
SAMPLES = {
    "id": "100002",
    "batch": "paris-01/a.csv",
    "feature": "AMT_CREDIT",
    "run": "latest",
    "name": "ApiDown",
    "version": "0123456789ab",
}


def person(*groups: str) -> dict[str, str]:
    """Claims of an employee; the gateway writes a list as text."""
    listed = {"cognito:groups": f"[{' '.join(groups)}]"} if groups else {}
    return {**CLAIMS, "username": "somebody", "scope": PERSON_SCOPE, **listed}


def machine(*scopes: str) -> dict[str, str]:
    """Claims of a program."""
    return {**CLAIMS, "client_id": "machine", "sub": "machine", "scope": " ".join(scopes)}


def request(route: str, claims: dict[str, str] | None, *, body: object = None, **path: str) -> Any:
    """An event for a route of the table, its path's parts filled in."""
    method, pattern = route.split()
    parts = SAMPLES | path
    raw = re.sub(r"\{(\w+)\+?\}", lambda found: parts[found[1]], pattern)
    event = read_event("predict" if method == "POST" else "model")
    event["rawPath"] = event["requestContext"]["http"]["path"] = f"/api{raw}"
    event["requestContext"]["http"]["method"] = method
    event["routeKey"] = f"{method} /api{pattern}"
    if method == "POST":
        event["body"] = body if isinstance(body, str) else json.dumps(body or {})
    return with_claims(event, claims)


def with_claims(event: dict[str, Any], claims: dict[str, str] | None) -> dict[str, Any]:
    event["requestContext"].pop("authorizer", None)
    if claims is not None:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    return event


def ask(api: Api, route: str, claims: dict[str, str] | None, **given: Any) -> Reply:
    return api.send(request(route, claims, **given))


GUARDED = {route: rule for route, rule in RULES.items() if rule}
OPEN = [route for route, rule in RULES.items() if rule is None]
EVERY_ROLE = tuple(ROLES)
