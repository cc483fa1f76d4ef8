"""A row of a list tells what the profile and the score tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import floor

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_record
from credit_scoring.decision import RISK_BANDS, VERDICTS
from credit_scoring.review import CAUSES
from credit_scoring.scoring import judge_applicants, score_applicants
from credit_scoring.stored.listed_scores import list_rows
from credit_scoring.what_if.stacking import stack

from tests.credit_scoring.examples import application, many_applicants, same_bits
from tests.lending import lending_model

NOW = datetime(2026, 1, 31, 10, 0, 0, 123_000, tzinfo=UTC)
EXTERNAL = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")


@pytest.fixture(scope="module")
def model():
    return replace(lending_model().model, version="0123456789ab")


def listed(model, applicants, *, judged=None):
    count = len(applicants)
    return list_rows(
        applicants,
        judged or judge_applicants(model, applicants),
        branches=[f"paris-{n % 2}" for n in range(count)],
        updated=[NOW - timedelta(minutes=n) for n in range(count)],
        scored=NOW,
    )


def test_a_row_tells_the_score_to_the_last_bit(model):
    applicants = many_applicants(200)
    found, scores = listed(model, applicants), score_applicants(model, applicants)
    place = {one.decode(): row for row, one in enumerate(found.ids.tolist())}
    order = [place[one] for one in applicants.ids]
    assert same_bits(found.pds[order], scores.default_probabilities)
    for row, at in enumerate(order):
        assert VERDICTS[found.verdicts[at]] == scores.decision(row)
        assert RISK_BANDS[found.bands[at]] == scores.risk_band(row)
        causes = [name for bit, name in enumerate(CAUSES) if found.causes[at] >> bit & 1]
        assert sorted(causes) == sorted(why.cause for why in scores.review(row))
    assert {VERDICTS[verdict] for verdict in found.verdicts} == set(VERDICTS)


def test_scores_and_verdicts_of_the_same_applicants_make_the_same_rows(model):
    """A batch has explained scores, the page's list does not need them."""
    applicants = many_applicants(30)
    explained = listed(model, applicants, judged=score_applicants(model, applicants))
    assert explained.to_bytes() == listed(model, applicants).to_bytes()


def test_a_row_tells_the_application_and_what_is_missing(model):
    given = {"AMT_CREDIT": 540_000.5, "AMT_INCOME_TOTAL": 180_000, "DAYS_BIRTH": -14_610}
    texts = {"SK_ID_CURR": "b", "NAME_INCOME_TYPE": "Commercial associate"}
    whole = application(**given, **texts, **dict.fromkeys(EXTERNAL, 0.5))
    bare = application(SK_ID_CURR="a", EXT_SOURCE_2=0.5)
    found = listed(model, stack([parse_record(whole), parse_record(bare)]))
    assert found.ids.tolist() == [b"a", b"b"]
    assert found.branches.tolist() == [b"paris-1", b"paris-0"]
    assert found.amounts.tolist() == [540_000, 540_000.5]
    assert found.income_types.tolist() == [b"", b"Commercial associate"]
    assert found.missing_scores.tolist() == [2, 0]
    assert found.versions.tolist() == [b"0123456789ab"] * 2
    minute = 60_000
    assert found.updated.tolist() == [found.scored[0] - minute, found.scored[0]]
    assert datetime.fromtimestamp(int(found.scored[0]) / 1000, UTC) == NOW


@pytest.mark.parametrize("days", [-6575, -6574, -9131, -9132, -25_000])
def test_an_age_is_in_whole_years(model, days):
    found = listed(model, parse_record(application(DAYS_BIRTH=days)))
    assert found.ages.tolist() == [floor(-days / 365.25)]


def test_nobody_is_no_row(model):
    found = listed(model, many_applicants(1).take(np.zeros(0, int)))
    assert len(found) == 0
    assert found.pds.dtype == np.float64
