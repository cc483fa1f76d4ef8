"""What an applicant can change: a table that speaks of every column of the form."""

import math

import pytest
from credit_scoring.contract.columns import APPLICATION, HISTORY, ID, INPUTS
from credit_scoring.what_if.actionable import (
    ACTIONABLE,
    CHANGEABLE,
    FIXED,
    FORM,
    SUGGESTED,
    fixed_fields,
    followers,
)

PROTECTED = {"CODE_GENDER", "DAYS_BIRTH", "NAME_FAMILY_STATUS", "CNT_CHILDREN", "CNT_FAM_MEMBERS"}


def test_every_column_of_the_form_stands_in_the_table_once():
    assert list(FORM) == [name for name in APPLICATION if name != ID]
    assert {field.kind for field in FORM.values()} == {*CHANGEABLE, *FIXED}


def test_only_what_can_be_changed_is_suggested_or_follows():
    for field in FORM.values():
        if not field.is_actionable:
            assert not field.suggested
            assert not field.follows
    assert SUGGESTED.keys() <= ACTIONABLE.keys()


def test_neither_protected_fields_nor_the_past_nor_others_words_are_actionable():
    assert {name for name, field in FORM.items() if field.kind == "protected"} == PROTECTED
    never = PROTECTED | {name for name in INPUTS if name.startswith("EXT_SOURCE")} | {*HISTORY}
    never |= {name for name in APPLICATION if name.startswith("DAYS_")}
    assert never.isdisjoint(ACTIONABLE)
    problems = fixed_fields(sorted(never))
    assert [problem.field for problem in problems] == sorted(never)
    assert {problem.cause for problem in problems} == {"not_actionable"}


def test_suggestions_have_a_direction_bounds_and_a_cost_that_fit_their_type():
    for field in SUGGESTED.values():
        column = INPUTS[field.name]
        assert field.direction in ("up", "down", "both")
        assert field.least < field.most
        assert field.weight > 0
        if column.type == "flag":
            assert (field.direction, field.least, field.most) == ("up", 0, 1)
        else:
            assert column.type == "number"
            bounds = {"up": field.least == 1, "down": field.most == 1, "both": True}
            assert bounds[field.direction]
            assert field.step is None or 0 < field.step < 1


def test_what_only_describes_a_change_has_no_bounds_of_its_own():
    for name in ACTIONABLE.keys() - SUGGESTED.keys():
        field = ACTIONABLE[name]
        assert math.isnan(field.least)
        assert field.direction == ""


def test_annuity_and_price_follow_the_amount():
    assert followers("AMT_CREDIT") == ("AMT_ANNUITY", "AMT_GOODS_PRICE")
    assert followers("AMT_INCOME_TOTAL") == ()


@pytest.mark.parametrize(
    ("name", "cause"),
    [("AMT_CREDIT", None), ("DAYS_BIRTH", "not_actionable"), (ID, "not_actionable"),
     ("BUREAU_CREDIT_COUNT", "not_actionable"), ("AMT_CREDITS", "unknown_field")],
)  # fmt: skip
def test_a_field_that_stays_as_it_is_says_why(name, cause):
    problems = fixed_fields([name])
    assert [problem.cause for problem in problems] == ([cause] if cause else [])
    assert all(problem.allowed and problem.message for problem in problems)
