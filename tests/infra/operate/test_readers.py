"""Who asked for an applicant is found in a log that names nobody."""

import json
import time
from types import MappingProxyType, SimpleNamespace

import pytest
from credit_scoring.stored.pseudonyms import Pseudonyms

from infra.access import Access
from infra.operate.readers import find_readers

GROUP, KEY, BANK = "/aws/lambda/api", "a key of tests", "1h57kf5cpq17m0eml12EXAMPLE"


class WithPool(Access):
    """What moto's server cannot play: the pool's names, and which group the function writes to."""

    def client(self, service: str):
        stand_ins = {"lambda": Function, "cognito-idp": Pool}
        return stand_ins[service]() if service in stand_ins else super().client(service)


class Function:
    def get_function_configuration(self, **named):
        assert named == {"FunctionName": "score"}
        return {"LoggingConfig": {"LogGroup": GROUP}}


class Pool:
    """Two pages of users, one program; as Cognito's paginators tell them."""

    PAGES = MappingProxyType(
        {
            "list_users": [
                {"Users": [{"Username": "a.durand"}]},
                {"Users": [{"Username": "j.martin"}]},
            ],
            "list_user_pool_clients": [
                {"UserPoolClients": [{"ClientId": BANK, "ClientName": "bank"}]}
            ],
        }
    )

    def get_paginator(self, name: str):
        def paginate(UserPoolId: str):
            assert UserPoolId == "pool"
            return self.PAGES[name]

        return SimpleNamespace(paginate=paginate)


@pytest.fixture
def access(aws_account, aws_address) -> Access:
    return WithPool("eu-west-3", aws_address, "testing", "testing")


@pytest.fixture
def outputs(access) -> dict[str, str]:
    secret = access.client("secretsmanager").create_secret(Name="p", SecretString=KEY)
    logs = access.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    return {
        "UserPoolId": "pool",
        "PseudonymSecretArn": secret["ARN"],
        "ScoreApiFunction": "score",
    }


def write(access: Access, *lines: tuple[str, str]) -> None:
    words, now = Pseudonyms(KEY), int(time.time() * 1000)
    told = [
        {
            "reader": words.word("reader", reader), "applicant": words.word("applicant", applicant),
            "route": "GET /api/applicants/{id}", "status": 200, "message": "request answered",
        }
        for reader, applicant in lines
    ]  # fmt: skip
    events = [
        {"timestamp": now + place, "message": json.dumps(line)} for place, line in enumerate(told)
    ]
    access.client("logs").put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)


def test_readers_of_one_applicant_are_told_by_name_and_of_no_other(access, outputs) -> None:
    gone = "left.last.year"
    write(access, ("j.martin", "7"), ("a.durand", "8"), (BANK, "7"), (gone, "7"))
    found = list(find_readers("7", outputs, access))
    assert [each["who"] for each in found[:2]] == ["j.martin", BANK]
    assert found[2]["who"].startswith("unknown: ")
    assert len(found) == 3
    assert {each["route"] for each in found} == {"GET /api/applicants/{id}"}


def test_an_employee_and_an_applicant_of_one_name_have_different_words() -> None:
    words = Pseudonyms(KEY)
    assert words.word("reader", "7") != words.word("applicant", "7")
    assert words.word("applicant", "7") != Pseudonyms("another").word("applicant", "7")
    [number] = words.of(["7"]).tolist()
    assert f"{number:016x}" != words.word("applicant", "7")
