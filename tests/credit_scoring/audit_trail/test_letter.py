"""A letter says what weighed, and refuses to say what did not."""

import copy
from dataclasses import replace

import pytest
from credit_scoring.audit_trail.decision_log import StoredDecision
from credit_scoring.audit_trail.letter import Lender, check_reasons, write_letter
from credit_scoring.errors import ReasonsUnfaithful

LENDER = Lender("Prêt à dépenser")
# Three families: what raises is 0.5 + 0.2, what lowers 0.3.
CONTRIBUTIONS = {"a": 0.3, "b": 0.2, "c": 0.2, "d": -0.3}
FAMILIES = {"a": "loan", "b": "loan", "c": "household", "d": "contact"}


def reason(family, contribution, words="Words."):
    texts = {"applicant": {"fr": words, "en": words}}
    return {"family": family, "contribution": contribution, "texts": texts}


def decision(raises=None, lowers=None, **changes) -> StoredDecision:
    raises = [reason("loan", 0.5), reason("household", 0.2)] if raises is None else raises
    lowers = [reason("contact", -0.3)] if lowers is None else lowers
    score = {
        "contributions": CONTRIBUTIONS,
        "families": FAMILIES,
        "reasons": {"raises": raises, "lowers": lowers},
        "decision": "refuse",
    }
    stored = StoredDecision(
        decision_id="0" * 32, created_at="2026-01-31T10:00:00+00:00", decided_by="a", branch="b",
        applicant_id="1", decision="refuse", override_reason="", inputs={}, score=score,
        model_version="v", model_sha256="s",
    )  # fmt: skip
    return replace(stored, **changes)


def test_reasons_that_follow_from_the_contributions_are_told():
    check_reasons(decision())
    letter = write_letter(decision(), language="en", lender=LENDER)
    assert letter.count("<li>Words.</li>") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        # Another weight than the family's, of either sign and however small a lie.
        {"raises": [reason("loan", 0.6)]},
        {"raises": [reason("loan", 0.500001)]},
        {"lowers": [reason("contact", -0.2)]},
        # Right weights in another order, or not the heaviest.
        {"raises": [reason("household", 0.2), reason("loan", 0.5)]},
        {"raises": [reason("household", 0.2)]},
        # One more than there are, and one of the other way.
        {"lowers": [reason("contact", -0.3), reason("loan", 0.5)]},
        {"raises": [reason("contact", -0.3)]},
        # Another family's weight.
        {"raises": [reason("household", 0.5)]},
    ],
)
def test_reasons_that_do_not_follow_stop_the_letter(wrong):
    with pytest.raises(ReasonsUnfaithful):
        write_letter(decision(**wrong), language="fr", lender=LENDER)


def test_fewer_reasons_than_there_are_may_be_told_if_they_are_the_heaviest():
    check_reasons(decision(raises=[reason("loan", 0.5)], lowers=[]))


def test_what_comes_from_outside_is_escaped():
    told = decision(raises=[reason("loan", 0.5, "<script>")], lowers=[])
    letter = write_letter(copy.deepcopy(told), language="en", lender=LENDER)
    assert "<script>" not in letter
    assert "&lt;script&gt;" in letter
