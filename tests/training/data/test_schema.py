"""Which features a model may read."""

from credit_scoring.contract.applicants import Applicants, parse_text_columns
from credit_scoring.contract.columns import DERIVED, FEATURES, HISTORY, INPUTS
from credit_scoring.features import CleanInputs

from tests.training.tables import draw_texts
from training.data.schema import choose_schema
from training.fitting.recipe import Recipe


def applicants(**columns) -> Applicants:
    texts = draw_texts(60) | columns
    parsed = parse_text_columns(texts)
    assert len(parsed.applicants) == 60
    return parsed.applicants


def schema_of(applicants: Applicants):
    return choose_schema(CleanInputs(applicants))


def test_gender_is_read_only_when_asked_for():
    schema = schema_of(applicants(CODE_GENDER=["F", "M"] * 30))
    assert "CODE_GENDER" not in Recipe().candidates(schema).names
    assert "CODE_GENDER" in Recipe(protected=()).candidates(schema).names


def test_a_recipe_can_leave_out_what_past_credits_tell():
    schema = schema_of(applicants(BUREAU_ACTIVE_CREDIT_COUNT=["1", "2"] * 30))
    assert "BUREAU_ACTIVE_CREDIT_COUNT" in Recipe().candidates(schema).names
    assert not set(Recipe(history=False).candidates(schema).names) & HISTORY.keys()


def test_what_could_turn_a_direction_around_is_barred_while_directions_bind():
    scores = {"EXT_SOURCE_1": ["0.5", "0.2"] * 30, "EXT_SOURCE_2": ["0.1", "0.7", "0.3"] * 20}
    schema = schema_of(applicants(**scores))
    assert "EXT_SOURCE_STD" not in Recipe().candidates(schema).names
    assert "EXT_SOURCE_STD" in Recipe(monotone=False).candidates(schema).names


def test_what_is_the_same_for_everybody_is_left_out():
    schema = schema_of(applicants(FLAG_MOBIL=["1"] * 60, NAME_INCOME_TYPE=["Working"] * 60))
    assert "FLAG_MOBIL" not in schema.names
    assert "NAME_INCOME_TYPE" not in schema.names
    assert "NAME_INCOME_TYPE" not in schema.vocabularies


def test_one_value_that_some_lack_still_tells_something():
    schema = schema_of(applicants(OWN_CAR_AGE=["3", ""] * 30))
    assert "OWN_CAR_AGE" in schema.names


def test_a_column_that_nobody_sent_is_left_out():
    assert "OWN_CAR_AGE" not in schema_of(applicants(OWN_CAR_AGE=[""] * 60)).names


def test_a_vocabulary_holds_the_categories_that_were_seen():
    everyone = applicants(NAME_INCOME_TYPE=["Working", "Pensioner", ""] * 20)
    words = schema_of(everyone).vocabularies["NAME_INCOME_TYPE"]
    assert sorted(words) == ["Pensioner", "Working"]
    order = INPUTS["NAME_INCOME_TYPE"].categories
    assert order.index(words[0]) < order.index(words[1])


def test_history_is_read_only_where_it_is_there():
    without = schema_of(applicants())
    assert not set(without.names) & HISTORY.keys()
    history = {"BUREAU_ACTIVE_CREDIT_COUNT": ["1", "2"] * 30}
    assert "BUREAU_ACTIVE_CREDIT_COUNT" in schema_of(applicants(**history)).names


def test_derived_features_are_read_and_every_feature_once():
    names = schema_of(applicants()).names
    assert set(names) & DERIVED.keys()
    assert len(set(names)) == len(names)
    assert set(names) <= FEATURES.keys()


def test_an_outcome_among_the_columns_is_no_feature():
    assert "TARGET" not in schema_of(applicants(TARGET=["0", "1"] * 30)).names
