"""Tokens that are not quite right, against the authorizer of the stack (emulated, not AWS's own).

What only the pool's private key could sign (an expired token of ours) cannot be made here.
"""

import base64
import hashlib
import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from infra import srp
from infra.local.demo.running import ADVISOR, PASSWORD
from infra.local.demo.target import DeployedStack, request
from infra.local.errors import StackMisbehaves

ROUTE = "/model"
CLAIMS = {
    "exp": 4_102_444_800, "iss": "https://example.org", "client_id": "other", "token_use": "id",
    "scope": "aws.cognito.signin.user.admin credit-scoring/branches.all", "username": "root",
    "cognito:groups": ["advisor", "all-branches"], "sub": "0", "aud": "other", "nbf": 0,
}  # fmt: skip
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
PLAIN = serialization.NoEncryption()


def encode(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def decode(part: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def damaged(token: str) -> Iterator[str]:
    """In shape, signature and claims, without any key."""
    header, claims, signature = token.split(".")
    yield from ("x", "..", ".", "a.b.c", "null", f"{header}.{claims}", f"{header}.{claims}.",
                f"{header}..{signature}", f".{claims}.{signature}", f"{token}.{signature}",
                f"{token}x", token[1:], token.replace(".", ""), token.upper(),
                "é" * 40)  # fmt: skip
    for place in range(0, len(signature) - 1, 43):
        other = "A" if signature[place] != "A" else "B"
        yield f"{header}.{claims}.{signature[:place]}{other}{signature[place + 1 :]}"
    for name, value in CLAIMS.items():
        yield f"{header}.{encode(decode(claims) | {name: value})}.{signature}"
    for name in ("exp", "iss", "client_id", "token_use"):
        others = {claim: value for claim, value in decode(claims).items() if claim != name}
        yield f"{header}.{encode(others)}.{signature}"
    for algorithm in ("none", "None", "NONE", "nOnE", "HS256", "RS512", "", None, 1, ["none"]):
        mutated = encode(decode(header) | {"alg": algorithm})
        yield f"{mutated}.{claims}."
        yield f"{mutated}.{claims}.{signature}"
    for kid in ("", None, "../../dev/null", "' OR 1=1", "x" * 5_000, 0):
        yield f"{encode(decode(header) | {'kid': kid})}.{claims}.{signature}"


def forged(token: str) -> Iterator[str]:
    """The same claims, signed with keys of our own."""
    kid, claims = jwt.get_unverified_header(token)["kid"], decode(token.split(".")[1])
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(PEM, PKCS8, PLAIN)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    for headers in ({"kid": kid}, {"kid": "ours"}, {}, {"kid": kid, "jwk": jwk},
                    {"kid": kid, "jku": "https://example.org/jwks.json"},
                    {"kid": kid, "x5u": "https://example.org/cert.pem"}):  # fmt: skip
        yield jwt.encode(claims, private, "RS256", headers=headers)
    for algorithm in ("RS384", "RS512", "PS256"):
        yield jwt.encode(claims, private, algorithm, headers={"kid": kid})
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, PKCS8, PLAIN)
    yield jwt.encode(claims, curve, "ES256", headers={"kid": kid})
    for secret in ("secret", kid, token.split(".")[2]):
        yield jwt.encode(claims, secret.ljust(32, "x"), "HS256", headers={"kid": kid})
    yield jwt.encode(claims, None, "none", headers={"kid": kid})


def ask(target: DeployedStack, authorization: str | None) -> int:
    headers = {} if authorization is None else {"Authorization": authorization.encode()}
    return request("GET", f"{target.page}/api{ROUTE}", b"", headers).status


def test_no_mutated_token_is_let_in(target, token):
    mutations = [*damaged(token), *forged(token)]
    assert len(set(mutations)) >= 50
    statuses = {mutated: ask(target, f"Bearer {mutated}") for mutated in mutations}
    assert {m[:200]: s for m, s in statuses.items() if s not in (401, 403)} == {}
    assert ask(target, f"Bearer {token}") == 200


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer  ."]
)
def test_without_a_token_nobody_is_let_in(target, authorization):
    assert ask(target, authorization) == 401


def test_a_token_in_the_address_counts_for_nothing(target, token):
    for name in ("token", "access_token", "Authorization"):
        reply = target.call("GET", f"{ROUTE}?{name}={token}")
        assert reply.status == 401


def log_in_with(
    target: DeployedStack, client_id: str, username: str, pool: str = ""
) -> dict[str, Any]:
    cognito = target.access.client("cognito-idp")
    asks = {"InitiateAuth": cognito.initiate_auth,
            "RespondToAuthChallenge": cognito.respond_to_auth_challenge}  # fmt: skip
    return srp.log_in(
        lambda action, content: asks[action](**content), pool=pool or target.outputs["UserPoolId"],
        client=client_id, username=username, password=PASSWORD,
    )  # fmt: skip


def make_client(target: DeployedStack, pool: str) -> str:
    client = target.access.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool, ClientName="stranger", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"]
    )
    return client["UserPoolClient"]["ClientId"]


@pytest.mark.local_cloud("it knows the advisor's password")
def test_who_does_not_prove_the_password_is_let_in_by_no_other_way(target):
    """The same answer for a wrong password and an unknown name, and no flow that takes it plain."""
    cognito, client = target.access.client("cognito-idp"), target.outputs["UserPoolClientId"]
    told = []
    for username in ("advisor", "no.such.person"):
        with pytest.raises(StackMisbehaves) as refused:
            target.log_in(username, PASSWORD + "!")
        told.append(str(refused.value))
    assert "NotAuthorizedException" in told[0]
    assert told[0] == told[1]
    for flow in ("USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH"):
        answers = {"USERNAME": "advisor", "PASSWORD": PASSWORD}
        with pytest.raises(ClientError):
            cognito.initiate_auth(ClientId=client, AuthFlow=flow, AuthParameters=answers)


@pytest.mark.local_cloud("it makes an account of its own")
def test_a_new_account_proves_the_password_it_was_given_and_chooses_its_own(target):
    cognito, client = target.access.client("cognito-idp"), target.outputs["UserPoolClientId"]
    cognito.admin_create_user(
        UserPoolId=target.outputs["UserPoolId"], Username="newcomer", TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
    )  # fmt: skip
    asked = log_in_with(target, client, "newcomer")
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = cognito.respond_to_auth_challenge(
        ClientId=client, ChallengeName=asked["ChallengeName"], Session=asked["Session"],
        ChallengeResponses={"USERNAME": "newcomer", "NEW_PASSWORD": f"{PASSWORD}-own"},
    )  # fmt: skip
    assert answer["AuthenticationResult"]["AccessToken"]
    assert target.log_in("newcomer", f"{PASSWORD}-own")
    with pytest.raises(StackMisbehaves):
        target.log_in("newcomer", PASSWORD)


@pytest.mark.local_cloud("it makes clients and a pool of its own")
def test_genuine_tokens_of_another_kind_are_refused(target, token):
    """Signed by Cognito itself: an ID token, another client's, another pool's."""
    cognito, pool = target.access.client("cognito-idp"), target.outputs["UserPoolId"]
    own = log_in_with(target, target.outputs["UserPoolClientId"], "advisor")["AuthenticationResult"]
    assert ask(target, f"Bearer {own['AccessToken']}") == 200
    assert ask(target, f"Bearer {own['IdToken']}") in (401, 403)
    assert ask(target, f"Bearer {own['RefreshToken']}") in (401, 403)
    strangers = make_client(target, pool)
    stranger = log_in_with(target, strangers, "advisor")["AuthenticationResult"]
    assert ask(target, f"Bearer {stranger['AccessToken']}") == 401
    other = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    cognito.admin_create_user(UserPoolId=other, Username="advisor", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=other, Username="advisor", Password=PASSWORD, Permanent=True
    )
    cognito.create_group(UserPoolId=other, GroupName="advisor")
    cognito.admin_add_user_to_group(UserPoolId=other, Username="advisor", GroupName="advisor")
    foreign = log_in_with(target, make_client(target, other), "advisor", other)
    assert ask(target, f"Bearer {foreign['AuthenticationResult']['AccessToken']}") == 401


def log_in_as(target: DeployedStack, username: str, *groups: str) -> str:
    target.create_user(username, PASSWORD, groups=groups)
    return target.log_in(username, PASSWORD)


def test_roles_and_branches_hold_on_the_stack(target, token, batch, record):
    applicant = next(iter(batch.default_probabilities))
    stranger = log_in_as(target, "lyon", "advisor", "branch-lyon-02")
    operator = log_in_as(target, "operator", "operator")
    nobody = log_in_as(target, "nobody", "branch-paris-01")
    for path in (f"/applicants/{applicant}", f"/applicants/{applicant}/score"):
        assert target.call("GET", path, token=token).status == 200
        hidden, unknown = (
            target.call("GET", p, token=stranger) for p in (path, path.replace(applicant, "nobody"))
        )
        assert hidden.status == unknown.status == 404
        assert hidden.json()["detail"] == unknown.json()["detail"]
        assert target.call("GET", path, token=operator).status == 403
    assert target.call("GET", "/applicants", token=stranger).json()["items"] == []
    assert target.call("GET", "/applicants", token=token).json()["items"]
    assert target.call("POST", "/predict", token=nobody, body=record).status == 403
    upload = {"branch": "paris-01", "filename": "a.csv", "bytes": 9}
    assert target.call("POST", "/uploads", token=stranger, body=upload).status == 403


def machine_token(target: DeployedStack, scope: str = "") -> http.client.HTTPResponse:
    """As a program asks for it; the emulator serves every domain's endpoint under one address."""
    name, _, client = target.outputs["MachineClientIds"].partition("=")
    assert name == "core-banking"
    described = target.access.client("cognito-idp").describe_user_pool_client(
        UserPoolId=target.outputs["UserPoolId"], ClientId=client
    )
    secret = described["UserPoolClient"]["ClientSecret"]
    body = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    address = f"{target.login}oauth2/token"
    return request("POST", address, urllib.parse.urlencode(body).encode(), headers)


@pytest.mark.local_cloud("its program is the demo's")
def test_a_machine_may_what_its_scopes_say(target, token, batch, record):
    every = machine_token(target).json()["access_token"]
    scores = machine_token(target, "credit-scoring/scores.write").json()["access_token"]
    applicant = next(iter(batch.default_probabilities))
    for given in (every, scores):
        assert target.call("POST", "/predict", token=given, body=record).status == 200
    assert target.call("GET", f"/applicants/{applicant}", token=every).status == 200
    assert target.call("GET", f"/applicants/{applicant}", token=scores).status == 403
    assert target.call("GET", "/model", token=scores).status == 403
    assert machine_token(target, "credit-scoring/branches.all").status == 400


def test_the_demos_advisor_is_in_the_branch_of_the_demo(token):
    groups = decode(token.split(".")[1])["cognito:groups"]
    assert set(groups) == set(ADVISOR)


@pytest.mark.local_cloud("every address of AWS is one host there")
def test_past_cloudfront_nobody_is_let_in(target: DeployedStack, token: str) -> None:
    """The gateway's own address answers the same token as CloudFront's, but the code does not."""
    outputs, headers = target.outputs, {"Authorization": f"Bearer {token}"}
    through = request("GET", f"{target.page}/api{ROUTE}", b"", headers)
    assert through.status == 200, through.body
    address = urllib.parse.urlsplit(target.access.endpoint)
    host = f"{outputs['ApiId']}.execute-api.localhost:{address.port}"
    for guess in ({}, {"X-Origin-Secret": ""}, {"X-Origin-Secret": "a guess"}):
        past = ask_gateway(address, host, f"/api{ROUTE}", headers | guess)
        assert past[0] == 403, past
        assert b"page's address" in past[1]
    status, _ = ask_gateway(address, host, "/api/health", {})
    assert status == 200
    secret = target.access.client("secretsmanager").get_secret_value(
        SecretId=outputs["OriginSecretArn"]
    )
    sent = json.loads(secret["SecretString"])["current"]
    assert ask_gateway(address, host, f"/api{ROUTE}", headers | {"X-Origin-Secret": sent})[0] == 200


def ask_gateway(address, host: str, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("GET", path, headers={**headers, "Host": host})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.local_cloud("it writes into the count of calls")
def test_who_calls_too_often_waits_and_nobody_else_does(target: DeployedStack, token: str) -> None:
    hasty = "hasty"
    target.create_user(hasty, PASSWORD, groups=("advisor", "branch-paris-01"))
    own = target.log_in(hasty, PASSWORD)
    use_up(target, hasty)
    refused = request("GET", f"{target.page}/api{ROUTE}", b"", {"Authorization": f"Bearer {own}"})
    other = request("GET", f"{target.page}/api{ROUTE}", b"", {"Authorization": f"Bearer {token}"})
    target.delete_user(hasty)
    assert (refused.status, other.status) == (429, 200), (refused.body, other.body)
    headers = {name.lower(): value for name, value in refused.headers.items()}
    assert 1 <= int(headers["retry-after"]) <= 60


def use_up(target: DeployedStack, user: str) -> None:
    """All calls of this minute and the next, as if they had been made."""
    name, minute = hashlib.sha256(user.encode()).hexdigest()[:32], int(time.time() // 60)
    for each in (minute, minute + 1):
        target.access.client("dynamodb").put_item(
            TableName=target.outputs["CallsTable"],
            Item={"caller": {"S": f"{name}/{each}"}, "calls": {"N": "1200"}},
        )
