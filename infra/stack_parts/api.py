"""Real time: the HTTP API, its authorizer and the function behind all routes but the operators'."""

import json
from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from functions.score_api import operating_routes, scoring_routes
from functions.score_api.access import PERSON_SCOPE, RESOURCE_SERVER, SCOPES
from functions.score_api.all_routes import RULES
from infra import score_process
from infra.stack_parts.identity import Identity
from infra.stack_parts.lambda_functions import Layers, make_log_group, make_zip_function, publish
from infra.stack_parts.rules import acknowledge
from infra.stack_parts.settings import StackSettings

# CloudFront forwards /api/* as it is, so the routes carry the prefix; the handler strips it.
PREFIX = "/api"
# Without a token, and why that is safe.
OPEN_ROUTES = {
    "GET /": "What this is and where to go on, no data.",
    "GET /docs": "Sends on to a public page.",
    "GET /health": "One word from memory: it asks no table and tells no data.",
    "GET /openapi.json": "The description of the API holds no data.",
}
# All others; who may call each is told beside the code that checks it.
ROUTES = tuple(key for key, rule in RULES.items() if rule)
OPERATING_ROUTES = tuple(route.key for route in operating_routes.ROUTES)
SCORING_ROUTES = tuple(route.key for route in scoring_routes.ROUTES if route.rule)
# Requests a second, where one request is the work of many.
SLOWER = {("POST", "/predict/batch"): 20}
# No path, query, body or user: a path holds an applicant's id.
ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_ms": "$context.integrationLatency",
    "integration_error": "$context.integrationErrorMessage",
    "authorizer_error": "$context.authorizer.error",
    "response_bytes": "$context.responseLength",
}


class Api(Construct):
    """http_api, function, alias; access_log; domain : what CloudFront forwards to."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        layers: Layers,
        identity: Identity,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "ScoreApi",
            name="score_api",
            settings=settings,
            layers=layers,
            # 1,769 MB is one whole vCPU: less slows the import of numpy and the one-row score.
            memory_mb=1769,
            # The API gives up after 30 s; a score takes milliseconds, storage retries included.
            timeout=Duration.seconds(15),
            environment={**environment, **score_process.ENVIRONMENT},
            reserved=settings.api_reserved,
        )
        self.alias = publish(self.function)
        self.http_api = apigateway.HttpApi(self, "Http", create_default_stage=False)
        self.access_log = make_log_group(self, "AccessLogs", delivered="api")
        self.stage = self._make_stage()
        self._add_routes(identity)
        self.domain = f"{self.http_api.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"

    def _make_stage(self) -> apigateway.HttpStage:
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.http_api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=200, burst_limit=400),
        )
        properties = stage.node.default_child
        assert isinstance(properties, apigateway.CfnStage)
        properties.route_settings = {
            f"{method} {PREFIX}{path}": {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": rate}
            for (method, path), rate in SLOWER.items()
        }
        properties.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=self.access_log.log_group_arn,
            format=json.dumps(ACCESS_LOG),
        )
        return stage

    def add_operators(self, alias: lambda_.Alias) -> None:
        """The routes that another function answers."""
        integration = _integrate("OperatorApiIntegration", alias)
        for route in OPERATING_ROUTES:
            self._add_route(route, integration, self._authorizer)

    def _add_routes(self, identity: Identity) -> None:
        integration = _integrate("ScoreApiIntegration", self.alias)
        authorizer = self._authorizer = authorizers.HttpJwtAuthorizer(
            "Callers",
            identity.issuer,
            jwt_audience=identity.client_ids,
        )
        for route, reason in OPEN_ROUTES.items():
            for added in self._add_route(route, integration):
                acknowledge(added, "APIG4", reason)
        for route in SCORING_ROUTES:
            made = self._add_route(route, integration, authorizer)
            if tuple(route.split()) in SLOWER:  # the stage's settings name it
                self.stage.node.add_dependency(*made)
        self._add_all_else(integration, authorizer)

    def _add_all_else(
        self,
        integration: integrations.HttpLambdaIntegration,
        authorizer: authorizers.HttpJwtAuthorizer,
    ) -> None:
        """Wrong addresses and methods: whoever may call at all is told by the code what is wrong.

        The gateway itself would answer 404 to a method, without a word of those that are right.
        """
        apigateway.HttpRoute(
            self,
            "AllElse",
            http_api=self.http_api,
            integration=integration,
            route_key=apigateway.HttpRouteKey.DEFAULT,
            authorizer=authorizer,
            authorization_scopes=[PERSON_SCOPE, *(f"{RESOURCE_SERVER}/{s}" for s in SCOPES)],
        )

    def _add_route(
        self,
        route: str,
        integration: integrations.HttpLambdaIntegration,
        authorizer: authorizers.HttpJwtAuthorizer | None = None,
    ) -> list[apigateway.HttpRoute]:
        method, path = route.split()
        rule = RULES[route]
        return self.http_api.add_routes(
            # The API's own root is the prefix: a route may not end with a slash.
            path=f"{PREFIX}{path.rstrip('/')}",
            methods=[apigateway.HttpMethod[method]],
            integration=integration,
            authorizer=authorizer,
            authorization_scopes=rule.scopes if rule else None,
        )


def _integrate(construct_id: str, alias: lambda_.Alias) -> integrations.HttpLambdaIntegration:
    return integrations.HttpLambdaIntegration(
        construct_id,
        alias,
        # One permission for the API, not one a route: the function's policy is bounded.
        scope_permission_to_route=False,
        timeout=Duration.seconds(29),
    )
