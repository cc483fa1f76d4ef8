"""A letter says what weighed, and refuses to say what did not."""

import copy
from dataclasses import replace

import pytest
from credit_scoring.audit_trail.decision_log import StoredDecision
from credit_scoring.audit_trail.letter import check_reasons, write_letter
from credit_scoring.errors import ReasonsUnfaithful
from credit_scoring.lender_settings import LenderSettings

LENDER = LenderSettings()
# Three families: what raises is 0.5 + 0.2, what lowers 0.3.
CONTRIBUTIONS = {"AMT_CREDIT": 0.3, "AMT_ANNUITY": 0.2, "OWN_CAR_AGE": 0.2, "FLAG_EMAIL": -0.3}
FAMILIES = {
    "AMT_CREDIT": "loan",
    "AMT_ANNUITY": "loan",
    "OWN_CAR_AGE": "household",
    "FLAG_EMAIL": "contact",
}
VALUES = dict.fromkeys(CONTRIBUTIONS, 1.0)


def reason(family, contribution, words="Words.", *, known=True):
    texts = {"applicant": {"fr": words, "en": words}}
    return {"family": family, "contribution": contribution, "texts": texts, "known": known}


def decision(raises=None, lowers=None, **changes) -> StoredDecision:
    raises = [reason("loan", 0.5), reason("household", 0.2)] if raises is None else raises
    lowers = [reason("contact", -0.3)] if lowers is None else lowers
    score = {
        "contributions": CONTRIBUTIONS,
        "families": FAMILIES,
        "features": VALUES,
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


def without(*names):
    """A decision whose applicant gave nothing of these."""
    told = decision()
    told.score["features"] = VALUES | dict.fromkeys(names)
    return told


class TestWhatIsNotKnown:
    def test_a_reason_that_states_what_nobody_knows_stops_the_letter(self):
        with pytest.raises(ReasonsUnfaithful):
            write_letter(without("AMT_CREDIT", "AMT_ANNUITY"), language="fr", lender=LENDER)

    def test_also_where_most_of_it_is_not_known_and_one_of_before_that_was_marked(self):
        told = without("AMT_CREDIT")  # 0.3 of 0.5
        del told.score["reasons"]["raises"][0]["known"]
        with pytest.raises(ReasonsUnfaithful):
            check_reasons(told)
        check_reasons(without("AMT_ANNUITY"))  # 0.2 of 0.5

    def test_a_reason_that_lowers_is_held_to_it_likewise(self):
        with pytest.raises(ReasonsUnfaithful):
            check_reasons(without("FLAG_EMAIL"))

    def test_what_is_not_known_is_what_the_applicant_can_bring_and_no_reason(self):
        told = without("AMT_CREDIT", "AMT_ANNUITY")
        told.score["reasons"]["raises"][0] = reason("loan", 0.5, "Tell us.", known=False)
        letter = write_letter(told, language="en", lender=LENDER)
        reasons, missing = letter.split("What we lack, and what you can bring")
        assert "Tell us." in missing
        assert "Tell us." not in reasons
        assert "<li>Words.</li>" in reasons

    def test_where_nothing_else_weighed_the_letter_says_that_what_is_known_does_not_suffice(self):
        told = without("AMT_CREDIT", "AMT_ANNUITY")
        told.score["reasons"]["raises"] = [reason("loan", 0.5, "Tell us.", known=False)]
        letter = write_letter(told, language="en", lender=LENDER)
        assert "All that is known of your file together" in letter
        french = write_letter(told, language="fr", lender=LENDER)
        assert "Ce qui nous manque" in french


class TestProtectedGrounds:
    def told(self):
        """Gender weighs more than the car."""
        contributions = CONTRIBUTIONS | {"OWN_CAR_AGE": 0.05, "CODE_GENDER": 0.15}
        told = decision(raises=[reason("loan", 0.5), reason("household", 0.2, "Who you are.")])
        told.score["contributions"] = contributions
        told.score["families"] = FAMILIES | {"CODE_GENDER": "household"}
        told.score["features"] = VALUES | {"CODE_GENDER": 0.0}
        return told

    def test_a_letter_gives_none_as_a_reason(self):
        assert "Who you are." not in write_letter(self.told(), language="en", lender=LENDER)

    def test_but_where_the_lenders_law_allows_it(self):
        allowed = LenderSettings(tells_protected=True)
        assert "Who you are." in write_letter(self.told(), language="en", lender=allowed)

    def test_a_reason_of_which_most_is_not_protected_is_told(self):
        told = self.told()
        told.score["contributions"] |= {"OWN_CAR_AGE": 0.15, "CODE_GENDER": 0.05}
        assert "Who you are." in write_letter(told, language="en", lender=LENDER)


def test_a_letter_is_dated_where_the_lender_is():
    late = decision(created_at="2026-01-31T23:30:00+00:00")
    assert "1 February 2026" in write_letter(late, language="en", lender=LENDER)
    elsewhere = LenderSettings(zone="America/New_York")
    assert "31 January 2026" in write_letter(late, language="en", lender=elsewhere)
