"""What a run of the canary says of answers that are wrong, damaged, or of another model."""

import json

import pytest
from credit_scoring.metrics import Metric
from credit_scoring.registry import golden
from credit_scoring.registry.champion import promote


def codes(findings):
    return {problem.code for problem in findings.problems}


def failures(findings):
    return findings.measurements().get(Metric.CANARY_FAILURES)


def test_right_answers_are_a_quiet_run(deployment):
    deployment.publish()
    findings = deployment.run()
    assert (findings.problems, failures(findings)) == ([], 0)
    assert findings.seconds is not None


@pytest.mark.parametrize(
    "damaged",
    [b"{", b"[]", b"7", b"\xff\xfe", b"{}", b'{"scored": %d}', b'{"scored": %d, "model": []}'],
)
def test_a_receipt_that_cannot_be_read_is_a_failure_at_once(deployment, damaged):
    deployment.publish()
    deployment.receipt = lambda manifest: damaged.replace(b"%d", b"%d" % manifest["scored"])
    findings = deployment.run()
    assert codes(findings) == {"file unreadable"}
    assert failures(findings) == 1


@pytest.mark.parametrize(
    "damaged",
    [
        b"\xff\xfe",
        b"no,such,columns\n1,2,3\n",
        b"applicant_id,probability_of_default\ngolden-1,no number\n",
        b"applicant_id,probability_of_default\ngolden-1\n",
        b'applicant_id,probability_of_default\n"' + b"x" * 200_000,
    ],
    ids=["no text", "other columns", "no number", "half a line", "no end"],
)
def test_scores_that_cannot_be_read_are_a_failure_at_once(deployment, damaged):
    deployment.publish()
    deployment.scores = lambda _: damaged
    findings = deployment.run()
    assert codes(findings) == {"file unreadable"}
    assert failures(findings) == 1


@pytest.mark.parametrize("content", [{}, {"model": "1"}, {"model": ["1"]}])
def test_an_answer_that_cannot_be_read_is_a_failure_at_once(deployment, content):
    deployment.publish()
    deployment.answer = lambda _: content
    findings = deployment.run()
    assert codes(findings) == {"other model"}
    assert failures(findings) == 1


def promoting_at_first_call(deployment, **options):
    """The pointer and what serves change while the canary asks."""
    left = iter([True])
    deployment.before_call = lambda: next(left, False) and deployment.publish(**options)


def without(rows, place):
    return rows[:place] + rows[place + 1 :]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda rows: without(rows, 0), "no probability"),
        (lambda rows: [*without(rows, 1), rows[0]], "no probability"),
        (lambda rows: [], "no probability"),
        (lambda rows: [*rows, rows[1]], "too many probabilities"),
        (lambda rows: [*rows, rows[1] | {"probability_of_default": "0.5"}], "wrong probability"),
        (lambda rows: [rows[1] | {"probability_of_default": "0.5"}, *rows], "wrong probability"),
        (lambda rows: [*rows, rows[0] | {"applicant_id": "golden-0"}], "too many probabilities"),
    ],
    ids=["absent", "another one's place", "all absent", "doubled", "doubled, wrong after",
         "doubled, wrong before", "nobody's"],
)  # fmt: skip
def test_who_is_absent_or_there_twice_in_the_result_is_a_failure(deployment, spoil, code):
    """The receipt says that all were scored."""
    deployment.publish()
    deployment.scores = spoil
    findings = deployment.run()
    assert code in codes(findings)
    assert failures(findings) == 1


def test_a_promotion_during_a_run_is_measured_by_the_model_that_answered(deployment):
    before = deployment.publish()
    promoting_at_first_call(deployment, cutoff=0.2)
    findings = deployment.run()
    assert deployment.serves != before.version
    assert (findings.problems, failures(findings)) == ([], 0)


def test_a_wrong_pd_is_told_of_the_model_that_was_promoted_during_a_run(deployment):
    deployment.publish()
    promoting_at_first_call(deployment, cutoff=0.2)
    deployment.answer = lambda content: content | {"probability_of_default": 0.5}
    findings = deployment.run()
    assert codes(findings) == {"wrong probability"}
    assert failures(findings) == 1


def test_a_promoted_model_of_other_dossiers_leaves_the_run_without_a_verdict(deployment):
    deployment.publish()
    promoting_at_first_call(deployment, cutoff=0.2, AMT_CREDIT=123_456)
    findings = deployment.run()
    assert codes(findings) == {"promoted meanwhile"}
    assert failures(findings) is None
    assert findings.measurements()[Metric.CANARY_RUNS] == 1


def test_what_is_wrong_beside_it_is_a_failure(deployment):
    deployment.publish()
    promoting_at_first_call(deployment, cutoff=0.2, AMT_CREDIT=123_456)
    deployment.scores = lambda _: b"\xff"
    findings = deployment.run()
    assert codes(findings) == {"promoted meanwhile", "file unreadable"}
    assert failures(findings) == 1


def test_a_promoted_model_without_dossiers_is_named_for_that(deployment):
    deployment.publish()

    def promote_bare():
        champion = deployment.small_model.publish(deployment.models, cutoff=0.2)
        deployment.serves, deployment.before_call = champion.version, lambda: None

    deployment.before_call = promote_bare
    findings = deployment.run()
    assert codes(findings) == {"no golden dossiers"}
    assert failures(findings) == 1


@pytest.mark.parametrize("options", [{}, {"AMT_CREDIT": 123_456}], ids=["same", "other dossiers"])
def test_for_some_minutes_the_model_before_may_answer_and_nobody_is_called(deployment, options):
    before = deployment.publish()
    deployment.publish(cutoff=0.2, **options)
    deployment.serves = before.version
    assert failures(deployment.run()) == (None if options else 0)


def damage_dossiers(deployment, champion):
    key = f"{champion.version}/{golden.FILE}"
    deployment.models.write(key, b"{" + deployment.models.read(key))


def test_damaged_dossiers_of_the_model_before_call_nobody_for_the_one_that_serves(deployment):
    """For some minutes it is looked at, too; whoever goes back to it is told then."""
    before = deployment.publish()
    deployment.publish(cutoff=0.2)
    damage_dossiers(deployment, before)
    findings = deployment.run()
    assert (findings.problems, failures(findings)) == ([], 0)
    deployment.serves = before.version
    findings = deployment.run()
    assert codes(findings) == {"promoted meanwhile"}


def test_damaged_dossiers_of_the_champion_are_a_failure(deployment):
    damage_dossiers(deployment, deployment.publish())
    findings = deployment.run()
    assert codes(findings) == {"no model"}
    assert failures(findings) == 1


def going_back_at_first_call(deployment, champion):
    left = iter([True])

    def go_back():
        if next(left, False):
            about = {"sha256": champion.sha256, "by": "test", "reason": "back", "kind": "rollback"}
            promote(deployment.models, version=champion.version, **about)
            deployment.serves = champion.version

    deployment.before_call = go_back


@pytest.mark.parametrize("is_wrong", [False, True], ids=["right", "wrong"])
def test_a_rollback_during_a_run_is_measured_by_the_model_that_answered(deployment, is_wrong):
    before = deployment.publish()
    deployment.publish(cutoff=0.2)
    pointer = json.loads(deployment.models.read("champion.json"))
    long_ago = {"promoted_at": "2026-01-01T00:00:00+00:00"}
    deployment.models.write("champion.json", json.dumps(pointer | long_ago).encode())
    going_back_at_first_call(deployment, before)
    if is_wrong:
        deployment.answer = lambda content: content | {"probability_of_default": 0.5}
    findings = deployment.run()
    assert codes(findings) == ({"wrong probability"} if is_wrong else set())
    assert failures(findings) == is_wrong


def test_a_model_that_nobody_promoted_is_a_failure(deployment):
    deployment.publish()
    deployment.serves = "0123456789ab"
    findings = deployment.run()
    assert codes(findings) == {"other model"}
    assert failures(findings) == 1
