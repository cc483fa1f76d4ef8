"""Which answers are right: those of the champion's golden dossiers, to the bit."""

import math
from datetime import datetime, timedelta

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.contract.applicants import parse_record
from credit_scoring.registry import golden
from credit_scoring.registry.champion import read_champion
from credit_scoring.scoring import score_applicants

from functions.canary.check import Findings
from functions.canary.expectations import Answered, read_expected
from functions.canary.http_client import locate
from functions.canary.problems import Problem, call_refused


@pytest.fixture
def models(tmp_path):
    return FolderStore(tmp_path / "models")


def publish(small_model, models, *, cutoff=None):
    dossiers = golden.GoldenDossiers.of_model(small_model.model)
    return small_model.publish(models, cutoff=cutoff, extra={golden.FILE: dossiers.to_bytes()})


def promoted(champion, *, ago):
    return datetime.fromisoformat(champion.promoted_at) + ago


def test_golden_dossiers_are_those_that_the_serving_code_scored(small_model, models):
    publish(small_model, models)
    expected = read_expected(models)
    [scores] = expected.by_version.values()
    assert len(scores) == len(expected.applications) >= 3
    for application in expected.applications:
        pds = score_applicants(small_model.model, parse_record(application)).default_probabilities
        assert scores[application["SK_ID_CURR"]] == pds[0]


def test_a_pd_that_differs_in_its_last_bit_is_wrong(small_model, models):
    champion = publish(small_model, models)
    expected = read_expected(models)
    right = dict(expected.by_version[champion.version])

    def compare(pds):
        return expected.compare(Answered("the API", champion.version, [*right], [*pds.items()]))

    assert compare(right) == []
    [row, *_] = right
    [problem] = compare(right | {row: math.nextafter(right[row], 1)})
    assert (problem.code, row in problem.detail) == ("wrong probability", True)


def test_another_model_is_told_by_name(small_model, models):
    champion = publish(small_model, models)
    [problem] = read_expected(models).compare(Answered("the file", "0123456789ab", [], []))
    assert problem.code == "other model"
    assert {"0123456789ab", champion.version} <= set(problem.detail.replace(",", "").split())


def test_for_some_minutes_the_one_before_may_answer_too(small_model, models):
    before, after = publish(small_model, models), publish(small_model, models, cutoff=0.2)
    soon = read_expected(models, promoted(after, ago=timedelta(minutes=1)))
    late = read_expected(models, promoted(after, ago=timedelta(minutes=5)))
    assert set(soon.by_version) == {before.version, after.version}
    assert set(late.by_version) == {after.version}


def test_a_bundle_without_golden_dossiers_is_named_and_what_to_do(small_model, models):
    small_model.publish(models)
    problem = read_expected(models)
    assert isinstance(problem, Problem)
    assert str(problem).startswith("no golden dossiers: ")
    assert read_champion(models).version in problem.detail


@pytest.mark.parametrize(
    ("status", "is_outage"), [(0, True), (503, True), (401, False), (403, False), (422, False)]
)
def test_only_what_is_an_outage_has_an_alarm_of_its_own(status, is_outage):
    assert call_refused(status).is_outage is is_outage


def test_a_quiet_run_says_so_and_a_known_outage_leaves_the_alarm_as_it_is():
    outage = [call_refused(503)]
    assert Findings().measurements()["CanaryFailures"] == 0
    assert Findings(outage).measurements()["CanaryFailures"] == 1
    assert "CanaryFailures" not in Findings(outage, is_known=True).measurements()
    assert Findings(outage, is_known=True).measurements()["CanaryRuns"] == 1


def test_clients_addresses_lead_to_aws_or_to_the_emulators_one_host():
    api = "https://d1b2c3d4.cloudfront.net/api"
    assert locate(api, "") == ("https", "d1b2c3d4.cloudfront.net", "d1b2c3d4.cloudfront.net")
    local = locate(api, "http://127.0.0.1:4566")
    assert local == ("http", "127.0.0.1:4566", "d1b2c3d4.cloudfront.net")
