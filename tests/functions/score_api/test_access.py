"""Who is let in: every route, every role, one's own branch and another's."""

import pytest
from credit_scoring.stored.profiles import Profile

from functions.score_api.access import SCOPES, read_caller
from functions.score_api.all_routes import ROUTES, RULES
from functions.score_api.http.problems import RequestRefused
from tests.functions.score_api.callers import (
    CLAIMS,
    EVERY_ROLE,
    GUARDED,
    OPEN,
    ask,
    machine,
    person,
    request,
    with_claims,
)
from tests.functions.score_api.conftest import read_event

ADVISOR = ("advisor", "branch-paris-01")
BY_ID = [route for route in RULES if route.startswith("GET /applicants/{id}")]


def refused(reply) -> bool:
    return reply.status in (401, 403)


def test_the_roles_and_routes_are_those_that_were_decided():
    """Written out once more, by hand: a slip in the table is then a difference here."""
    admitted = {route: set(rule.groups) for route, rule in GUARDED.items()}
    everybody = {"advisor", "back-office", "operator", "data-scientist"}
    for route in ("GET /model", "GET /model/card", "GET /contract"):
        assert admitted[route] == everybody
    deciding = [route for route, rule in GUARDED.items() if rule.scope == "decisions.write"]
    assert {
        "POST /decisions", "POST /decisions/preview", "POST /decisions/{id}/confirmation",
        "PUT /applicants/{id}/claim", "DELETE /applicants/{id}/claim",
    } == set(deciding)  # fmt: skip
    assert all(admitted[route] == {"advisor"} for route in deciding)
    assert admitted["POST /predict"] == {"advisor", "data-scientist"}
    assert admitted["POST /predict/batch"] == {"advisor", "back-office", "data-scientist"}
    counter = {"advisor", "back-office"}
    assert all(admitted[route] <= counter for route in GUARDED if "applicants" in route)
    assert admitted["POST /uploads"] == counter
    assert admitted["GET /batches/{batch+}"] == counter | {"operator"}
    assert set(OPEN) >= {"GET /health", "GET /openapi.json"}
    people_only = {route for route, rule in GUARDED.items() if rule.scope is None}
    assert people_only == {"POST /promotions/{id}/approval"}
    assert all(rule.scope in SCOPES for rule in GUARDED.values() if rule.scope)


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_each_role_may_what_the_table_says_and_nothing_else(api, profile, role):
    found = {r: not refused(ask(api, r, person(role, "branch-paris-01"))) for r in GUARDED}
    assert found == {route: role in rule.groups for route, rule in GUARDED.items()}


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_opens_its_routes_and_nothing_else(api, profile, scope):
    claims = machine(f"credit-scoring/{scope}", "branch/paris-01")
    found = {route: not refused(ask(api, route, claims)) for route in GUARDED}
    assert found == {route: scope == rule.scope for route, rule in GUARDED.items()}


@pytest.mark.parametrize(
    "claims",
    [person(), person("branch-paris-01"), person("admin"), person("ADVISOR"), person("advisor,"),
     machine(), machine("scores.write"), machine("other-server/scores.write"),
     {**machine("credit-scoring/none"), "cognito:groups": "[advisor]"}],
)  # fmt: skip
def test_who_has_no_role_may_nothing(api, claims):
    assert {ask(api, route, claims).status for route in GUARDED} <= {401, 403}


@pytest.mark.parametrize(
    "claims",
    [None, {}, {"token_use": "access"}, person("advisor") | {"token_use": "id"},
     person("advisor") | {"token_use": "refresh"}, person("advisor") | {"token_use": ""},
     person("advisor") | {"username": ""}, person("advisor") | {"client_id": ""},
     {k: v for k, v in person("advisor").items() if k != "username"},
     {k: v for k, v in person("advisor").items() if k != "token_use"}],
)  # fmt: skip
def test_without_the_claims_of_an_access_token_every_route_is_401(api, claims):
    for route in GUARDED:
        reply = ask(api, route, claims)
        assert reply.status == 401, route
        assert reply.headers["WWW-Authenticate"] == "Bearer"
        assert reply.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("authorizer", [None, {}, {"jwt": None}, {"jwt": {}}, {"lambda": {}}])
def test_an_event_of_another_authorizer_is_401(api, authorizer):
    event = with_claims(read_event("model"), None)
    event["requestContext"]["authorizer"] = authorizer
    assert api.send(event).status == 401


def test_the_open_routes_want_no_token(api):
    assert all(not refused(ask(api, route, None)) for route in OPEN)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.key)
def test_every_declared_route_is_described(route):
    """What is imported late must exist: the operation and the part of the path."""
    assert route.operation()["operationId"]
    assert (route.part is not None) == ("{" in route.path)
    if route.part is not None:
        assert f"{{{route.part()['name']}}}" in route.described_path


def test_every_declared_route_is_answered(api):
    """None is taken for another one: population/scatter is no feature."""
    for route in ROUTES:
        assert not refused(ask(api, route.key, person(*EVERY_ROLE, "all-branches"))), route.key


def test_a_path_of_odd_characters_is_not_there(api):
    event = request("GET /population/{feature}", person("data-scientist"), feature="\\\x01")
    assert api.send(event).status == 404


def test_a_path_matches_its_own_routes_alone():
    found = [route.key for route in ROUTES if route.matches("/batches/paris-01/a.csv")]
    assert found == ["GET /batches/{batch+}"]
    assert not [route.key for route in ROUTES if route.matches("/decisions/1/2/letter")]


def test_the_route_that_answers_counts_not_the_one_that_the_gateway_named(api):
    event = request("GET /model", person("back-office")) | {"routeKey": "GET /api/health"}
    assert api.send(event).status == 200
    event = request("POST /predict", person("back-office")) | {"routeKey": "GET /api/model"}
    assert api.send(event).status == 403


@pytest.mark.parametrize("route", BY_ID)
def test_an_applicant_of_another_branch_is_just_like_nobody(api, profiles, profile, route):
    profiles.put_many([Profile("200001", "lyon-02", profile.application, profile.history),
                       Profile("200002", "", {}, profile.history)])  # fmt: skip
    assert ask(api, route, person(*ADVISOR), id="100002").status == 200
    nobody = ask(api, route, person(*ADVISOR), id="999999")
    assert nobody.status == 404
    assert ask(api, route, person(*ADVISOR), id="200001") == nobody
    assert ask(api, route, person(*ADVISOR), id="200002") == nobody
    assert ask(api, route, person("advisor"), id="100002") == nobody
    assert ask(api, route, person("advisor", "branch-"), id="200002") == nobody
    assert ask(api, route, person("advisor", "branch-paris"), id="100002") == nobody
    assert ask(api, route, person("advisor", "branch-lyon-02"), id="200001").status == 200
    both = person("advisor", "branch-lyon-02", "branch-paris-01")
    assert ask(api, route, both, id="100002").status == 200
    assert ask(api, route, person("advisor", "all-branches"), id="200001").status == 200


@pytest.mark.parametrize("route", BY_ID)
def test_a_machine_sees_the_branches_of_its_scopes(api, profile, route):
    scope = "credit-scoring/applicants.read"
    assert ask(api, route, machine(scope, "branch/paris-01")).status == 200
    assert ask(api, route, machine(scope, "credit-scoring/branches.all")).status == 200
    assert ask(api, route, machine(scope)).status == 404
    assert ask(api, route, machine(scope, "branch/lyon-02")).status == 404


def test_a_file_goes_to_the_own_branch_only(api):
    def ask_for(branch, claims):
        body = {"branch": branch, "filename": "a.csv", "bytes": 1}
        return ask(api, "POST /uploads", claims, body=body).status

    assert ask_for("paris-01", person(*ADVISOR)) == 200
    assert ask_for("lyon-02", person(*ADVISOR)) == 403
    assert ask_for("paris-01", person("back-office")) == 403
    assert ask_for("lyon-02", person("back-office", "all-branches")) == 200
    assert ask_for("lyon-02", machine("credit-scoring/batches.write", "branch/lyon-02")) == 200
    assert ask_for("lyon-02", machine("credit-scoring/batches.write", "branch/paris-01")) == 403


@pytest.mark.parametrize("route", ["POST /predict"])
def test_a_score_is_not_completed_with_another_branchs_history(api, profile, route):
    def score(claims, applicant_id):
        body = profile.application | {"SK_ID_CURR": applicant_id}
        return ask(api, route, claims, body=body).body | {"applicant_id": None}

    stranger = person("advisor", "branch-lyon-02")
    assert score(stranger, "100002") == score(stranger, "999999")
    assert score(person("data-scientist"), "100002") == score(stranger, "999999")
    own = score(person(*ADVISOR), "100002")
    assert own["contributions"] != score(stranger, "100002")["contributions"]


def test_a_history_that_belongs_to_no_branch_yet_completes_a_new_application(
    api, profiles, profile
):
    profiles.put_many([Profile("300001", "", {}, profile.history)])
    body = profile.application | {"SK_ID_CURR": "300001"}
    found = ask(api, "POST /predict", person("advisor", "branch-lyon-02"), body=body).body
    known = ask(api, "POST /predict", person(*ADVISOR), body=profile.application).body
    assert found["contributions"] == known["contributions"]


@pytest.mark.parametrize(
    "route", [r for r, rule in RULES.items() if not (rule and rule.parameters)]
)
def test_a_parameter_that_a_route_does_not_know_is_400(api, route):
    event = request(route, person(*EVERY_ROLE, "branch-paris-01"))
    event |= {"queryStringParameters": {"x": "1"}, "rawQueryString": "x=1"}
    reply = api.send(event)
    assert reply.status == 400
    assert reply.body["detail"].startswith("The query has an unknown parameter")


def test_claims_are_read_as_the_gateway_writes_them():
    found = read_caller(person("advisor", "branch-paris-01", "branch-lyon.02"))
    assert found.groups == {"advisor", "branch-paris-01", "branch-lyon.02"}
    assert found.branches == {"paris-01", "lyon.02"}
    listed = read_caller(person() | {"cognito:groups": ["advisor", "all-branches"]})
    assert (listed.groups, listed.branches) == ({"advisor", "all-branches"}, None)


def test_a_person_cannot_bring_a_machines_rights_nor_a_machine_groups():
    somebody = read_caller(person() | {"cognito:groups": "[]"})
    assert (somebody.groups, somebody.branches) == (set(), set())
    program = read_caller(machine("credit-scoring/scores.write") | {"cognito:groups": "[advisor]"})
    assert (program.groups, program.name) == (set(), "machine")


def test_a_client_is_told_as_a_hash():
    assert CLAIMS["client_id"] not in read_caller(person("advisor")).client
    with pytest.raises(RequestRefused):
        read_caller({})
