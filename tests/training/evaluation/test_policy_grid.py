"""The grid of cut-offs: counted by hand, priced like the cost curve, small enough to be sent."""

import json

import numpy as np
import pytest
from credit_scoring.decision import accepts

from training.evaluation.cutoff import business_cost, choose_cutoff, policy_grid

OWN = 0.0917123456789
# As many groups as four audited attributes have.
GROUPS = {"CODE_GENDER": 2, "DAYS_BIRTH": 6, "NAME_FAMILY_STATUS": 6, "NAME_INCOME_TYPE": 8}


def make_people(count=20_000):
    rng = np.random.default_rng(5)
    groups = {}
    for attribute, many in GROUPS.items():
        names = [f"{attribute}-{n}" for n in range(many)]
        groups[attribute] = rng.choice(names, count), names
    pds = rng.beta(1, 9, count)
    return pds, rng.random(count) < pds, groups


@pytest.fixture(scope="module")
def people():
    return make_people()


def grid(people, **changed):
    return policy_grid(*people, **{"cutoff": OWN} | changed)


def test_every_cutoff_tells_whom_it_accepts_and_what_became_of_them(people):
    pds, defaulted, groups = people
    found = grid(people)
    of_row, names = groups["NAME_INCOME_TYPE"]
    for place in (0, 1, 50, 120, len(found["cutoffs"]) - 1):
        accepted = accepts(pds, cutoff=found["cutoffs"][place])
        told = {name: found[name][place] for name in
                ("approved", "accepted_defaults", "refused_good_payers")}  # fmt: skip
        assert told == {
            "approved": round(accepted.mean(), 5),
            "accepted_defaults": round((accepted & defaulted).mean(), 5),
            "refused_good_payers": round((~accepted & ~defaulted).mean(), 5),
        }
        for name in names:
            share = found["groups"]["NAME_INCOME_TYPE"][name][place]
            assert share == round(accepted[of_row == name].mean(), 5)
    assert (found["approved"][0], found["approved"][-1]) == (0, 1)


@pytest.mark.parametrize("ratio", [3.0, 10.0, 100.0])
def test_any_cost_ratio_can_be_priced_to_the_model_s_own_cutoff_and_the_best(people, ratio):
    pds, defaulted, _ = people
    found = grid(people)
    costs = ratio * np.array(found["accepted_defaults"]) + found["refused_good_payers"]
    own = business_cost(pds, defaulted, cutoff=OWN, cost_ratio=ratio)
    assert costs[found["cutoffs"].index(OWN)] == pytest.approx(own, abs=1e-5 * ratio)
    best = choose_cutoff(pds, defaulted, cost_ratio=ratio)
    least = business_cost(pds, defaulted, cutoff=best, cost_ratio=ratio)
    assert costs.min() == pytest.approx(least, rel=0.005)


def test_it_is_small_and_the_same_each_time(people):
    text = json.dumps(grid(people), separators=(",", ":"))
    assert 10_000 < len(text) <= 60_000
    assert text == json.dumps(grid(make_people()), separators=(",", ":"))


def test_equal_pds_are_accepted_together():
    pds, defaulted = np.full(50, 0.2), np.arange(50) < 10
    found = policy_grid(pds, defaulted, {}, cutoff=0.2)
    assert found["approved"] == [0, 1]
    assert found["accepted_defaults"] == [0, 0.2]
