"""A password is proved to whoever knows its verifier, and to nobody else.

`srp-vectors.json` is what pycognito 2024.5.1 answered with the same secrets, at the same time.
"""

import json
from datetime import UTC, datetime

import pytest

from infra import srp
from tests.repository import ROOT
from tests.srp_server import N, NotProved, Verifier

POOL, PASSWORD = "eu-west-3_Ab1Cd2Ef3", "Déjà-vu-€-99"
VECTORS = json.loads((ROOT / "frontend/test/srp-vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_answers_are_those_of_another_library(vector) -> None:
    proof = srp.Proof(vector["pool"], int(vector["secret"], 16))
    assert f"{proof.public_value:x}" == vector["public"].lstrip("0")
    now = datetime.fromisoformat(vector["now"])
    answer = proof.answer(vector["asked"], vector["password"], now)
    assert answer["TIMESTAMP"] == vector["timestamp"]
    assert answer["PASSWORD_CLAIM_SIGNATURE"] == vector["signature"]


def test_a_server_that_holds_the_verifier_is_convinced_by_the_password_alone() -> None:
    """Many times: a first bit or byte that is set or not must make no difference."""
    for number in range(12):
        known = Verifier(POOL, f"user-{number}", PASSWORD)
        proof = srp.Proof(POOL)
        asked = known.challenge(f"{proof.public_value:x}")
        asked.verify(proof.answer(asked.parameters, PASSWORD))
        for wrong in ("", "Déjà-vu-€-98", PASSWORD + " "):
            with pytest.raises(NotProved):
                asked.verify(proof.answer(asked.parameters, wrong))


def test_an_answer_is_worth_nothing_for_another_challenge_or_name() -> None:
    known, proof = Verifier(POOL, "alice", PASSWORD), srp.Proof(POOL)
    first, second = (known.challenge(f"{proof.public_value:x}") for _ in range(2))
    answer = proof.answer(first.parameters, PASSWORD)
    with pytest.raises(NotProved):
        second.verify(answer)
    moved = {"PASSWORD_CLAIM_SECRET_BLOCK": second.parameters["SECRET_BLOCK"]}
    with pytest.raises(NotProved):
        second.verify(answer | moved)
    with pytest.raises(NotProved):
        first.verify(proof.answer(first.parameters | {"USER_ID_FOR_SRP": "bob"}, PASSWORD))


@pytest.mark.parametrize("value", [0, N, 2 * N])
def test_a_value_that_would_fix_the_secret_is_not_answered(value) -> None:
    known, proof = Verifier(POOL, "alice", PASSWORD), srp.Proof(POOL)
    asked = known.challenge(f"{proof.public_value:x}").parameters
    with pytest.raises(srp.NoProof):
        proof.answer(asked | {"SRP_B": f"{value:x}"}, PASSWORD)
    with pytest.raises(NotProved):
        known.challenge(f"{value:x}")


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 1, 7, 8, 5, 3, tzinfo=UTC), "Wed Jan 7 08:05:03 UTC 2026"),
        (datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), "Thu Feb 29 23:59:59 UTC 2024"),
    ],
)
def test_the_time_is_told_as_cognito_reads_it(moment, told) -> None:
    assert srp.time_of(moment) == told


def test_the_password_is_in_nothing_that_is_sent() -> None:
    sent, known = [], Verifier(POOL, "alice", PASSWORD)
    attempts = []

    def ask(action, content):
        sent.append((action, json.dumps(content, ensure_ascii=False)))
        if action == "InitiateAuth":
            attempts.append(known.challenge(content["AuthParameters"]["SRP_A"]))
            return {"ChallengeName": srp.CHALLENGE, "ChallengeParameters": attempts[0].parameters}
        attempts[0].verify(content["ChallengeResponses"])
        return {"AuthenticationResult": {"AccessToken": "a"}}

    answer = srp.log_in(ask, pool=POOL, client="page", username="alice", password=PASSWORD)
    assert answer["AuthenticationResult"]["AccessToken"] == "a"
    assert [action for action, _ in sent] == ["InitiateAuth", "RespondToAuthChallenge"]
    assert not [content for _, content in sent if PASSWORD in content]


def test_a_service_that_asks_for_no_proof_is_not_logged_in_to() -> None:
    tokens = {"AuthenticationResult": {"AccessToken": "a"}}
    with pytest.raises(srp.NoProof):
        srp.log_in(lambda *_: tokens, pool=POOL, client="page", username="a", password="b")
