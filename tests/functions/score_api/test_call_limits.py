"""One caller may call so often in a minute, in however many processes; others are not touched."""

import pytest
from credit_scoring.aws.clients import client

from functions.score_api import call_limits
from functions.score_api.access import PERSON_SCOPE, Caller
from functions.score_api.app import answer_event, make_app
from functions.score_api.call_limits import AT_ONCE, UNCOUNTED, CallLimits
from functions.score_api.entrance import Entrance
from functions.score_api.http.problems import RequestRefused
from functions.score_api.scoring_routes import ROUTES
from tests.functions.score_api.conftest import read_event
from tests.functions.score_api.test_origin import CONTEXT
from tests.profile_table import make_call_table

pytestmark = pytest.mark.usefixtures("unsent_counts")
TABLE, OF_PERSON, OF_MACHINE = "calls", 30, 50
NOON = 1_800_000_000.0


def caller(name: str, *, scopes: tuple[str, ...] = (PERSON_SCOPE,)) -> Caller:
    return Caller(name, "client", frozenset(), frozenset(scopes), None)


ALICE, BOB, BANK = caller("alice"), caller("bob"), caller("bank", scopes=("x",))


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [NOON]
    monkeypatch.setattr(call_limits.time, "time", lambda: now[0])
    return now


@pytest.fixture
def process(aws, clock):
    """Makes what another process of the function would hold."""
    make_call_table(TABLE)
    return lambda: CallLimits(TABLE, OF_PERSON, OF_MACHINE)


def calls(limits: CallLimits, who: Caller, most: int = 200) -> int:
    """How many of so many in a row are let through, and that all after them are not."""
    passed = 0
    for _ in range(most):
        try:
            limits.require(who)
        except RequestRefused as error:
            assert error.status == 429  # noqa: PT017
            break
        passed += 1
    return passed


def test_a_person_has_so_many_calls_a_minute_and_a_program_more(process) -> None:
    limits = process()
    assert calls(limits, ALICE) == OF_PERSON
    assert calls(limits, ALICE) == 0
    assert calls(limits, BANK) == OF_MACHINE


def test_who_calls_too_often_takes_nothing_from_anybody_else(process) -> None:
    limits = process()
    assert calls(limits, ALICE) == OF_PERSON
    assert calls(limits, BOB) == OF_PERSON


def test_processes_count_together(process) -> None:
    processes = [process() for _ in range(8)]
    assert sum(calls(each, ALICE, AT_ONCE) for each in processes) == OF_PERSON


def test_the_next_minute_starts_anew_and_the_refusal_says_when(process, clock) -> None:
    limits = process()
    clock[0] = NOON + 45
    assert calls(limits, ALICE) == OF_PERSON
    with pytest.raises(RequestRefused) as refused:
        limits.require(ALICE)
    wait = int(refused.value.headers["Retry-After"])
    assert wait == 15
    clock[0] += wait
    assert calls(limits, ALICE) == OF_PERSON


def test_a_call_in_ten_is_counted_and_a_refused_caller_costs_nothing(process, monkeypatch) -> None:
    writes = []
    real = call_limits.dynamodb
    monkeypatch.setattr(call_limits, "dynamodb", lambda *a, **k: writes.append(a) or real(*a, **k))
    limits = process()
    calls(limits, ALICE)
    for _ in range(100):
        calls(limits, ALICE)
    assert len(writes) == OF_PERSON // AT_ONCE + 1


def test_a_table_that_does_not_answer_stops_nobody_and_is_told(aws, clock, logs) -> None:
    limits = CallLimits("there is none", OF_PERSON, OF_MACHINE)
    assert calls(limits, ALICE, UNCOUNTED) == UNCOUNTED
    assert [line["message"] for line in logs.lines()].count("calls not counted") == 1


def test_no_name_is_kept_and_every_row_ends(process, clock) -> None:
    process().require(ALICE)
    [item] = client("dynamodb").scan(TableName=TABLE)["Items"]
    assert "alice" not in str(item)
    assert NOON < int(item["expires_at"]["N"]) < NOON + 2 * 3600


def test_the_answer_is_a_problem_with_retry_after(api, process) -> None:
    entrance = Entrance(limits=CallLimits(TABLE, 10, 10))
    app = make_app(api.module.service, ROUTES, entrance=entrance)
    event = read_event("model")
    statuses = [answer_event(app, event, CONTEXT, seconds=5) for _ in range(11)]
    assert [each["statusCode"] for each in statuses] == [200] * 10 + [429]
    headers = statuses[-1].get("headers") or statuses[-1]["multiValueHeaders"]
    assert int(headers["Retry-After"]) <= 60
    assert headers["Content-Type"] == "application/problem+json"
