"""Reasons are true of the model, and the measure of that can tell."""

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import REASONS_EACH_WAY
from credit_scoring.reasons.row_reasons import explain_row
from credit_scoring.trees.explainer import Explainer

from tests.credit_scoring.examples import fit, small_model
from training.explanations.faithfulness import WAYS, measure_faithfulness, named_features
from training.fitting.compile import compile_forest

SCHEMA = FeatureSchema(("EXT_SOURCE_1", "AMT_CREDIT", "CNT_CHILDREN", "DAYS_EMPLOYED"), {})


@pytest.fixture(scope="module")
def additive():
    """A forest over four families whose effects add up, and the rows that made it."""
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(4_000, len(SCHEMA)))
    score = matrix @ [-2.0, 1.0, 0.5, 0.2]
    labels = rng.random(len(matrix)) < 1 / (1 + np.exp(-score))
    return Explainer(compile_forest(fit(matrix, labels, rounds=60, num_leaves=2))), matrix


def test_where_effects_add_up_nearly_every_reason_is_borne_out(additive):
    found = measure_faithfulness(additive[0], SCHEMA, additive[1], seed=1)
    assert found.rows == 1_000
    for way in WAYS:
        assert getattr(found, way) > 0.9
        assert getattr(found, f"heaviest_{way}") > 0.9


def test_reasons_that_say_the_contrary_are_found_out(additive):
    explainer, matrix = additive

    class Contrary:
        margins = staticmethod(explainer.margins)

        @staticmethod
        def contributions(rows):
            margins, contributions = explainer.contributions(rows)
            return margins, -contributions

    found = measure_faithfulness(Contrary, SCHEMA, matrix, seed=1)
    assert max(found.raises, found.lowers) < 0.1


def test_a_measure_is_repeatable(additive):
    first, again = (measure_faithfulness(additive[0], SCHEMA, additive[1], seed=3) for _ in "12")
    assert first == again


@pytest.mark.parametrize("most", [1, REASONS_EACH_WAY])
def test_what_is_taken_away_is_what_the_reasons_name(most):
    model, matrix, _ = small_model()
    _, contributions = model.explainer.contributions(matrix[:30])
    for sign in WAYS.values():
        named = named_features(model.schema, sign * contributions, most)
        for row in range(30):
            told = explain_row(model.schema, matrix[row], contributions[row], 1e6)
            told = [reason for reason in told if reason.contribution * sign > 0][:most]
            names = {name for name, on in zip(model.schema.names, named[row], strict=True) if on}
            assert {FEATURES[name].family for name in names} == {r.family for r in told}
            assert all(set(reason.features) <= names for reason in told)
