"""The routes behind the framework's resolver, and the one place where errors become answers."""

from collections.abc import Callable, Iterable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext
from credit_scoring.aws.http_calls import time_limit

from functions.score_api.access import check_parameters
from functions.score_api.entrance import Entrance
from functions.score_api.http import problems
from functions.score_api.http.outcomes import Outcome, follow, note_reader
from functions.score_api.request import Request
from functions.score_api.route import Route

# The page, the API and CloudFront share one address: there the API is what begins with /api.
PREFIX = "/api"
ANYBODY = Entrance()


def make_app(
    service: Any, routes: Iterable[Route], *, entrance: Entrance = ANYBODY
) -> APIGatewayHttpResolver:
    """Each request's `outcome` must be in the resolver's context.

    service : what the handlers of these routes work with
    entrance : what each request passes first
    """
    app = APIGatewayHttpResolver(strip_prefixes=[PREFIX])
    for route in routes:
        app.route(route.pattern, route.method)(_answering(app, route, service, entrance))
    _translate_errors(app)
    return app


def answer_event(
    app: APIGatewayHttpResolver, event: dict[str, Any], context: LambdaContext, *, seconds: float
) -> dict[str, Any]:
    """Answer one request of the HTTP API (payload format 2.0); never raises for what was sent.

    seconds : as long as calls to other services may take, all together
    """
    with follow(event, context) as outcome, time_limit(seconds):
        app.context["outcome"] = outcome
        answer: dict[str, Any] = app.resolve(event, context)
        outcome.status = answer["statusCode"]
        return sendable(answer)


def sendable(answer: dict[str, Any]) -> dict[str, Any]:
    """The same answer: text that is not Unicode would end the process, behind the handler."""
    try:
        answer["body"].encode()
    except UnicodeEncodeError:
        return answer | {"body": answer["body"].encode(errors="replace").decode()}
    return answer


def _answering(
    app: APIGatewayHttpResolver, route: Route, service: Any, entrance: Entrance
) -> Callable[..., Response[str]]:
    """What the resolver calls: the route's handler, for whom its rule admits."""

    def answer(**parts: str) -> Response[str]:
        event, outcome = app.current_event, app.context["outcome"]
        query = event.query_string_parameters or {}
        sender = entrance.admit(route.rule, event, outcome)
        check_parameters(route.rule, query)
        if sender and route.names_applicant:
            note_reader(outcome, service.pseudonyms, sender.name, parts["id"])
        request = Request(
            path=event.path.removeprefix(PREFIX),
            parts=parts,
            query=query,
            headers=event.headers,
            body=event.get("body") or "",
            is_base64=bool(event.get("isBase64Encoded")),
            sender=sender,
            outcome=outcome,
        )
        return route.handler(request, service)

    return answer


def _translate_errors(app: APIGatewayHttpResolver) -> None:
    def answer(error: Exception) -> Response[str]:
        outcome: Outcome = app.context["outcome"]
        outcome.note(**problems.log_fields(error))
        return problems.answer(error, request_id=outcome.request_id)

    def answer_unknown_route(_: NotFoundError) -> Response[str]:
        event = app.current_event
        allowed = other_methods(event.http_method, event.path.removeprefix(PREFIX))
        return answer(problems.unknown_route(allowed))

    app.exception_handler(Exception)(answer)
    app.not_found(answer_unknown_route)


def other_methods(method: str, path: str) -> list[str]:
    """The methods that an unknown route's path does answer to, none where its own is one of them.

    The resolver knows fewer characters in a path than a route does: then nothing is there.
    """
    from functions.score_api.all_routes import ROUTES  # noqa: PLC0415  (no right address needs it)

    methods = {route.method for route in ROUTES if route.matches(path)}
    return [] if method in methods else sorted(methods)
