"""Who may decide against the model: up to what alone, with which reason, and what nobody may."""

import pytest
from credit_scoring.audit_trail.authority import (
    BOTH,
    OTHER,
    DecisionRules,
    OverrideReason,
    decision_rules,
)
from credit_scoring.audit_trail.decision_log import OUTCOMES
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.reasons.wording import LANGUAGES
from credit_scoring.review import CAUSES

RULES = DecisionRules({}, most_amount=1_000.0, bands=("low", "medium"), never=("contradiction",))


@pytest.mark.parametrize(
    ("amount", "band", "second"),
    [
        (1_000, "low", False),
        (1_000, "medium", False),
        (1_000.01, "low", True),
        (1, "high", True),
        (5_000, "high", True),
    ],
)
@pytest.mark.parametrize("verdict", ["refuse", "review"])
def test_who_accepts_what_the_model_does_not_is_alone_within_limits(verdict, amount, band, second):
    assert RULES.needs_second("accept", verdict, amount=amount, band=band) is second


@pytest.mark.parametrize("verdict", VERDICTS)
def test_refusing_needs_nobody_else(verdict):
    assert not RULES.needs_second("refuse", verdict, amount=1e9, band="high")


def test_accepting_what_the_model_accepts_needs_nobody_else():
    assert not RULES.needs_second("accept", "accept", amount=1e9, band="high")


@pytest.mark.parametrize(
    ("decision", "causes", "forbidden"),
    [
        ("accept", [], False),
        ("accept", ["near_cutoff", "too_little_data"], False),
        ("accept", ["near_cutoff", "contradiction"], True),
        ("refuse", ["contradiction"], False),
    ],
)
def test_a_cause_that_the_lender_names_forbids_to_accept(decision, causes, forbidden):
    assert RULES.is_forbidden(decision, causes) is forbidden


@pytest.mark.parametrize(
    ("decides", "explained"), [("accept", ["accept"]), ("refuse", ["refuse"]), (BOTH, OUTCOMES)]
)
def test_a_reason_explains_what_it_is_for(decides, explained):
    reason = OverrideReason("code", decides, {})
    assert [decision for decision in OUTCOMES if reason.explains(decision)] == list(explained)


class TestTheLendersOwnRules:
    def test_name_bands_and_causes_that_there_are(self):
        rules = decision_rules()
        assert set(rules.bands) < set(RISK_BANDS)
        assert set(rules.never) <= set(CAUSES)
        assert rules.most_amount > 0

    def test_put_each_reason_into_words_of_each_language(self):
        for code, reason in decision_rules().reasons.items():
            assert reason.code == code
            assert reason.decides in (*OUTCOMES, BOTH)
            assert reason.label.keys() == set(LANGUAGES)
            assert all(reason.label.values())

    def test_leave_each_decision_several_reasons_and_one_in_own_words(self):
        reasons = decision_rules().reasons
        assert reasons[OTHER].decides == BOTH
        for decision in OUTCOMES:
            assert sum(reason.explains(decision) for reason in reasons.values()) > 2
