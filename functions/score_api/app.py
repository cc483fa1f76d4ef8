"""From an event of the HTTP API to a route, and the one place where errors become answers.

No framework dispatches: a score needs a look into a dictionary, and Powertools' resolver came with
those for all other kinds of events, asyncio among them, a sixth of a cold start's time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from credit_scoring.aws.http_calls import time_limit

from functions.score_api.access import check_parameters
from functions.score_api.entrance import Entrance
from functions.score_api.http import problems
from functions.score_api.http.outcomes import Outcome, follow, note_reader
from functions.score_api.http.responses import Response
from functions.score_api.request import Request
from functions.score_api.route import Route

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# The page, the API and CloudFront share one address: there the API is what begins with /api.
PREFIX = "/api"
ANYBODY = Entrance()


@dataclass(frozen=True)
class App:
    """plain : routes by method and path; open : those whose path has a part that varies
    service : what their handlers work with; entrance : what each request passes first
    """

    plain: Mapping[tuple[str, str], Route]
    open: tuple[Route, ...]
    service: Any
    entrance: Entrance

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route, and the parts of its path by name; a path without such parts comes first."""
        if route := self.plain.get((method, path)):
            return route, {}
        for route in self.open:
            if route.method == method and (parts := route.read(path)) is not None:
                return route, parts
        return None


def make_app(service: Any, routes: Iterable[Route], *, entrance: Entrance = ANYBODY) -> App:
    routes = tuple(routes)
    plain = {(route.method, route.path): route for route in routes if not route.is_open}
    return App(plain, tuple(route for route in routes if route.is_open), service, entrance)


def answer_event(
    app: App, event: Mapping[str, Any], context: "LambdaContext", *, seconds: float
) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload format 2.0); never raises for what was sent.

    seconds : as long as calls to other services may take, all together
    """
    with follow(event, context) as outcome, time_limit(seconds):
        answer = _answer(app, event, outcome).for_gateway()
        outcome.status = answer["statusCode"]
        return answer


def _answer(app: App, event: Mapping[str, Any], outcome: Outcome) -> Response:
    try:
        return _handle(app, event, outcome)
    except Exception as error:  # noqa: BLE001  (whatever it is, the caller learns no more than a status)
        outcome.note(**problems.log_fields(error))
        return problems.answer(error, request_id=outcome.request_id)


def _handle(app: App, event: Mapping[str, Any], outcome: Outcome) -> Response:
    method, path = event["requestContext"]["http"]["method"], _path(event)
    found = app.find(method, path)
    if found is None:
        raise problems.unknown_route(other_methods(method, path))
    route, parts = found
    query = event.get("queryStringParameters") or {}
    sender = app.entrance.admit(route.rule, event, outcome)
    check_parameters(route.rule, query)
    if sender and route.names_applicant:
        note_reader(outcome, app.service.pseudonyms, sender.name, parts["id"])
    request = Request(
        path=path,
        parts=parts,
        query=query,
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
        sender=sender,
        outcome=outcome,
    )
    return route.handler(request, app.service)


def _path(event: Mapping[str, Any]) -> str:
    path: str = event["rawPath"]
    if path == PREFIX:
        return "/"
    return path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else path


def other_methods(method: str, path: str) -> list[str]:
    """The methods that an unknown route's path does answer to, none where its own is one of them.

    A request's parts may hold fewer characters than a route matches: then nothing is there.
    """
    from functions.score_api.all_routes import ROUTES  # noqa: PLC0415  (no right address needs it)

    methods = {route.method for route in ROUTES if route.matches(path)}
    return [] if method in methods else sorted(methods)
