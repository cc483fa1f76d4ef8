"""The HTTP API and who may call it."""

import json

import pytest

from infra.stack_parts.machines import MachineInvalid
from tests.infra.conftest import synthesise

OPEN = ("GET /api", "GET /api/docs", "GET /api/health", "GET /api/openapi.json")


def test_every_route_but_health_and_description_wants_an_access_token(template) -> None:
    authorizer = template.id_of("AWS::ApiGatewayV2::Authorizer")
    routes = {part["RouteKey"]: part for part in template.all("AWS::ApiGatewayV2::Route").values()}
    assert all(routes.pop(key)["AuthorizationType"] == "NONE" for key in OPEN)
    assert len(routes) >= 7
    for key, route in routes.items():
        assert route["AuthorizationType"] == "JWT", key
        assert route["AuthorizerId"] == {"Ref": authorizer}, key
        person, *machines = route["AuthorizationScopes"]
        assert person == "aws.cognito.signin.user.admin", key
        assert all(scope.startswith("credit-scoring/") for scope in machines), key
        alone = 0 if key == "POST /api/promotions/{id}/approval" else 1  # a second person
        assert len(machines) == alone or key == "$default"


def test_every_route_lies_under_the_prefix_that_the_page_calls(template) -> None:
    for route in template.all("AWS::ApiGatewayV2::Route").values():
        key = route["RouteKey"]
        assert key == "$default" or f"{key.split()[1]}/".startswith("/api/")


def test_every_route_has_its_rule(template) -> None:
    from functions.score_api.all_routes import RULES

    routes = {part["RouteKey"] for part in template.all("AWS::ApiGatewayV2::Route").values()}
    assert routes - {"$default"} == {
        route.replace(" /", " /api/", 1).rstrip("/") for route in RULES
    }


def test_tokens_come_from_our_pool_for_our_page(template) -> None:
    configuration = template.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]
    clients = template.ids("AWS::Cognito::UserPoolClient")
    assert configuration["Audience"] == [{"Ref": client} for client in clients]
    assert template.id_of("AWS::Cognito::UserPool") in json.dumps(configuration["Issuer"])


def test_requests_are_throttled(template) -> None:
    settings = template.one("AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0
    slower = template.one("AWS::ApiGatewayV2::Stage")["RouteSettings"]
    keys = {part["RouteKey"] for part in template.all("AWS::ApiGatewayV2::Route").values()}
    assert slower["POST /api/predict/batch"]["ThrottlingRateLimit"] == 20
    assert slower.keys() <= keys


def test_the_access_log_holds_nothing_of_a_person(template) -> None:
    settings = template.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    for words in ("$context.path", "querystring", "body", "sourceIp", "claims", "userAgent"):
        assert words not in settings["Format"]
    assert json.loads(settings["Format"])["status"] == "$context.status"


def test_one_permission_a_function_covers_every_route(template) -> None:
    called = [
        permission["FunctionName"]
        for permission in template.all("AWS::Lambda::Permission").values()
        if permission["Principal"] == "apigateway.amazonaws.com"
    ]
    names = ("Api", "Operators")
    aliases = [{"Ref": template.id_of("AWS::Lambda::Alias", name)} for name in names]
    assert sorted(map(str, called)) == sorted(map(str, aliases))


def test_operators_routes_and_no_others_are_answered_by_their_function(template) -> None:
    from infra.stack_parts.api import OPERATING_ROUTES

    alias = {"Ref": template.id_of("AWS::Lambda::Alias", "Operators")}
    [integration] = [
        name
        for name, part in template.all("AWS::ApiGatewayV2::Integration").items()
        if part["IntegrationUri"] == alias
    ]
    answered = {
        route["RouteKey"]
        for route in template.all("AWS::ApiGatewayV2::Route").values()
        if integration in json.dumps(route["Target"])
    }
    assert answered == {key.replace(" /", " /api/", 1) for key in OPERATING_ROUTES}


def test_nobody_registers_and_passwords_are_long(template) -> None:
    pool = template.one("AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(
        policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols")
    )
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])


def test_a_lender_may_ask_everybody_for_a_second_factor(make) -> None:
    pool = synthesise(make(mfa="required")).one("AWS::Cognito::UserPool")
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])


def test_the_page_is_a_public_client_that_is_sent_no_password_and_tells_nothing_about_users(
    template,
) -> None:
    client = template.one("AWS::Cognito::UserPoolClient", "IdentityUserPoolPage")
    assert client["GenerateSecret"] is False
    assert set(client["ExplicitAuthFlows"]) == {
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    }
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_the_four_roles_are_groups(template) -> None:
    groups = [part["GroupName"] for part in template.all("AWS::Cognito::UserPoolGroup").values()]
    assert sorted(groups) == [
        "advisor", "all-branches", "back-office", "data-scientist", "operator",
    ]  # fmt: skip


def test_without_a_word_no_machine_may_call_but_the_canary_for_its_own_branch(template) -> None:
    clients = template.all("AWS::Cognito::UserPoolClient")
    [canary] = [client for name, client in clients.items() if "Page" not in name]
    assert canary["AllowedOAuthScopes"] == ["credit-scoring/scores.write", "branch/canary"]
    servers = template.all("AWS::Cognito::UserPoolResourceServer").values()
    assert {server["Identifier"] for server in servers} == {"credit-scoring", "branch"}
    [branch] = [server for server in servers if server["Identifier"] == "branch"]
    assert [scope["ScopeName"] for scope in branch["Scopes"]] == ["canary"]


MACHINES = {"core-banking": ["scores.write", "branch/paris-01"], "archive": ["batches.read"]}


@pytest.mark.parametrize("given", [MACHINES, json.dumps(MACHINES)])
def test_a_machine_has_a_secret_its_scopes_and_nothing_else(make, given) -> None:
    template = synthesise(make(machines=given))
    clients = template.all("AWS::Cognito::UserPoolClient")
    [name] = [name for name in clients if "corebanking" in name]
    assert clients[name]["GenerateSecret"] is True
    assert clients[name]["AllowedOAuthFlows"] == ["client_credentials"]
    scopes = ["credit-scoring/scores.write", "branch/paris-01"]
    assert clients[name]["AllowedOAuthScopes"] == scopes
    audience = template.one("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]["Audience"]
    assert {reference["Ref"] for reference in audience} == set(clients)
    needed = template.body["Resources"][name]["DependsOn"]
    assert set(needed) == set(template.ids("AWS::Cognito::UserPoolResourceServer"))


@pytest.mark.parametrize(
    "given", ["{", "[]", {"x": []}, {"x": ["scores.read"]}, {"X y": ["scores.write"]},
              {"x": ["scores.write", "branch/a b"]}, {"x": ["branch/paris-01"]},
              {"x": ["scores.write", "branch/canary"]}, {"canary": ["scores.write"]}],
)  # fmt: skip
def test_a_machine_that_is_not_well_said_is_refused(make, given) -> None:
    with pytest.raises(MachineInvalid, match="machines"):
        make(machines=given)
