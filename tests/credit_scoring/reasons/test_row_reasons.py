"""Reasons add up, stay few, and are said in both languages."""

import math

import numpy as np
import pytest
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import FEATURES_NAMED, REASONS_EACH_WAY
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import (
    LANGUAGES,
    explain_row,
    feature_value,
    worded_value,
)
from credit_scoring.reasons.wording import CATEGORY_WORDS
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.credit_scoring.examples import small_model, whole_schema

SCHEMA = whole_schema()
FAMILY = [FEATURES[name].family for name in SCHEMA.names]
NO_VALUES = np.full(len(SCHEMA), np.nan)
# Each of them known; of counts of what is missing, that nothing is.
VALUES = np.where([FEATURES[name].role == "missing_count" for name in SCHEMA.names], 0.0, 1.0)
SAY_ALL = 1e6  # points for a unit of log-odds by which every contribution is worth saying
NARROW_SPACE = "\u202f"


def contributions_of(**by_name):
    contributions = np.zeros(len(SCHEMA))
    for name, value in by_name.items():
        contributions[SCHEMA.names.index(name)] = value
    return contributions


def one_each(values):
    """Contributions of one feature of each family, one that can be said."""
    contributions = np.zeros(len(SCHEMA))
    for family, value in values.items():
        own = (place for place, other in enumerate(FAMILY) if other == family)
        sayable = (place for place in own if FEATURES[SCHEMA.names[place]].is_sayable)
        contributions[next(sayable)] = value
    return contributions


def reason_of(**by_name):
    (reason,) = explain_row(SCHEMA, VALUES, contributions_of(**by_name), SAY_ALL)
    return reason


def test_all_families_together_are_the_margin_minus_the_base_value():
    model, matrix, _ = small_model()
    margins, contributions = model.explainer.contributions(matrix[:100])
    for row in range(100):
        reasons = explain_row(model.schema, matrix[row], contributions[row], SAY_ALL)
        told = {reason.family: reason.contribution for reason in reasons}
        untold = sum(
            value
            for name, value in zip(model.schema.names, contributions[row], strict=True)
            if FEATURES[name].family not in told
        )
        total = sum(told.values()) + untold
        assert total == pytest.approx(margins[row] - model.explainer.base_value, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float64, len(SCHEMA), elements=st.floats(-3, 3, width=16)))
def test_reasons_are_few_ranked_and_the_heaviest(contributions):
    reasons = explain_row(SCHEMA, VALUES, contributions, SAY_ALL)
    totals = dict.fromkeys(FAMILIES, 0.0)
    for family, value in zip(FAMILY, contributions.tolist(), strict=True):
        totals[family] += value
    weights = [abs(reason.contribution) for reason in reasons]
    assert weights == sorted(weights, reverse=True)
    for sign in (1, -1):
        told = [r for r in reasons if r.contribution * sign > 0]
        others = [t * sign for f, t in totals.items() if f not in {r.family for r in told}]
        positive = sum(total * sign > 0 for total in totals.values())
        assert len(told) == min(REASONS_EACH_WAY, positive)
        assert all(abs(r.contribution) >= max(others, default=0) for r in told)
    for reason in reasons:
        assert reason.contribution == totals[reason.family]
        assert 1 <= len(reason.features) <= FEATURES_NAMED
        for name in reason.features:
            assert FEATURES[name].family == reason.family
            assert contributions[SCHEMA.names.index(name)] * reason.contribution > 0


def test_at_most_four_reasons_each_way():
    families = list(FAMILIES)
    values = {f: (1.0 if n < 6 else -1.0) * (n + 1) for n, f in enumerate(families)}
    reasons = explain_row(SCHEMA, VALUES, one_each(values), SAY_ALL)
    last = len(families)
    assert [r.contribution for r in reasons] == [*range(-last, -last + 4), 6, 5, 4, 3]


def test_nothing_that_counts_gives_no_reason():
    assert explain_row(SCHEMA, VALUES, np.zeros(len(SCHEMA)), SAY_ALL) == []


def test_a_family_whose_features_cancel_out_is_no_reason():
    cancelled = contributions_of(EXT_SOURCE_1=1.0, EXT_SOURCE_2=-1.0)
    assert explain_row(SCHEMA, VALUES, cancelled, SAY_ALL) == []


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("sign", "way", "mark"), [(1, "raises", "+"), (-1, "lowers", "-")])
def test_every_family_speaks_both_ways_in_both_languages(family, sign, way, mark):
    (reason,) = explain_row(SCHEMA, VALUES, one_each({family: sign * 0.5}), SAY_ALL)
    assert reason.code == FAMILIES[family]["code"] + mark
    for language in LANGUAGES:
        assert reason.text[language].startswith(FAMILIES[family][f"{way}_{language}"] + " (")
        assert FEATURES[reason.features[0]].label[language] in reason.text[language]


def test_only_features_that_speak_the_familys_way_are_named():
    reason = reason_of(AMT_CREDIT=0.2, AMT_ANNUITY=-0.1, CREDIT_TO_INCOME=0.5, AMT_GOODS_PRICE=0.1)
    assert reason.features == ["CREDIT_TO_INCOME", "AMT_CREDIT"]
    assert reason.contribution == pytest.approx(0.7)


def test_of_several_versions_of_one_matter_only_the_heaviest_is_named():
    reason = reason_of(EXT_SOURCE_1=0.2, EXT_SOURCE_3=0.5, EXT_SOURCE_MEAN=0.4)
    assert reason.features == ["EXT_SOURCE_3"]
    late = reason_of(POS_LATE_MONTHS_LAST_6_MONTHS=0.2, POS_LATE_MONTHS_LAST_YEAR=0.3)
    assert late.features == ["POS_LATE_MONTHS_LAST_YEAR"]


def test_what_no_person_can_make_anything_of_is_not_said():
    reason = reason_of(BASEMENTAREA_AVG=0.5, FLAG_OWN_REALTY=0.1)
    assert reason.features == ["FLAG_OWN_REALTY"]
    alone = reason_of(BASEMENTAREA_AVG=0.5)
    assert alone.features == ["BASEMENTAREA_AVG"]  # kept, for auditors
    assert alone.text["en"] == FAMILIES["housing"]["raises_en"]


def test_a_reason_reads_as_a_sentence_with_its_values():
    features = NO_VALUES.copy()
    features[SCHEMA.names.index("AMT_INCOME_TOTAL")] = 180_000
    (reason,) = explain_row(SCHEMA, features, contributions_of(AMT_INCOME_TOTAL=-0.3), SAY_ALL)
    assert reason.text == {
        "fr": "Le revenu et l’emploi rassurent (Revenu déclaré : 180\u202f000)",
        "en": "Income and employment are reassuring (Declared income: 180,000)",
    }


def test_the_heaviest_reasons_are_the_first_of_all():
    model, matrix, _ = small_model()
    _, contributions = model.explainer.contributions(matrix[:20])
    for row in range(20):
        told = (model.schema, matrix[row], contributions[row], SAY_ALL)
        assert explain_row(*told, most=3) == explain_row(*told)[:3]


def test_a_reason_carries_the_stored_values_and_contributions_that_it_names():
    model, matrix, _ = small_model()
    _, contributions = model.explainer.contributions(matrix[:20])
    for row in range(20):
        for reason in explain_row(model.schema, matrix[row], contributions[row], SAY_ALL):
            places = [model.schema.names.index(name) for name in reason.features]
            assert reason.contributions == contributions[row, places].tolist()
            assert reason.values == [
                feature_value(model.schema, name, matrix[row, place])
                for name, place in zip(reason.features, places, strict=True)
            ]


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float64, len(SCHEMA), elements=st.sampled_from([-1.0, 0.0, 0.5, 1.0])))
def test_of_equal_weights_what_raises_comes_first_then_names_decide(contributions):
    """The ranking in words of its own: sorted in plain Python."""
    totals = dict.fromkeys(FAMILIES, 0.0)
    for family, value in zip(FAMILY, contributions.tolist(), strict=True):
        totals[family] += value
    chosen = []
    for sign in (1, -1):
        ranked = sorted((-sign * total, family) for family, total in totals.items())
        chosen += [family for below, family in ranked if below < 0][:REASONS_EACH_WAY]
    expected = sorted(chosen, key=lambda family: -abs(totals[family]))
    reasons = explain_row(SCHEMA, VALUES, contributions, SAY_ALL)
    assert [reason.family for reason in reasons] == expected
    for reason in reasons:
        assert reason.features == telling_features(reason, contributions)


def telling_features(reason, contributions):
    """What a reason names of known values: in plain Python, one feature after the other."""
    sign = np.sign(reason.contribution)
    own = [place for place, family in enumerate(FAMILY) if family == reason.family]
    speaking = [place for place in own if sign * contributions[place] > 0]
    sayable = [place for place in speaking if FEATURES[SCHEMA.names[place]].is_sayable]
    named, subjects = [], set()
    for place in sorted(sayable or speaking, key=lambda place: -sign * contributions[place]):
        column = FEATURES[SCHEMA.names[place]]
        if (column.subject or column.name) not in subjects and len(named) < FEATURES_NAMED:
            subjects.add(column.subject or column.name)
            named.append(column.name)
    return named


def spoken(name, value):
    return tuple(worded_value(FEATURES[name], value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("DAYS_BIRTH", -14_610.0, "40 ans", "40 years"),
        ("DAYS_BIRTH", -14_974.0, "40 ans", "40 years"),  # a day before the birthday
        ("DAYS_EMPLOYED", -2_922.0, "8 ans", "8 years"),
        ("DAYS_EMPLOYED", -715.0, "2 ans", "2 years"),
        ("DAYS_EMPLOYED", -500.0, "1,4 an", "1.4 years"),
        ("DAYS_EMPLOYED", -30.0, "30 jours", "30 days"),
        ("TARIFF_CLASS_DAYS_EMPLOYED_MEAN", -1600.0, "4,4 ans", "4.4 years"),
        ("DAYS_LAST_PHONE_CHANGE", 0.0, "0 jours", "0 days"),
        ("BUREAU_DAYS_TO_LAST_END", -800.0, "-2,2 ans", "-2.2 years"),
        ("BUREAU_DAYS_TO_LAST_END", 200.0, "200 jours", "200 days"),
        ("INSTALMENT_DAYS_LATE_MAX", 3.0, "3 jours", "3 days"),
        ("AMT_CREDIT", 1_234_567.8, "1 234 568".replace(" ", NARROW_SPACE), "1,234,568"),
        ("CREDIT_MINUS_GOODS", -0.2, "0", "0"),
        ("CREDIT_MINUS_GOODS", -4500.0, f"-4{NARROW_SPACE}500", "-4,500"),
        ("EXT_SOURCE_1", 0.504, "0,50", "0.50"),
        ("EXT_SOURCE_1", 0.0, "0,00", "0.00"),
        ("CREDIT_TO_INCOME", 2.5, f"250{NARROW_SPACE}%", "250%"),
        ("ANNUITY_TO_INCOME", 0.44, f"44{NARROW_SPACE}%", "44%"),
        ("ANNUITY_TO_INCOME", 0.0625, f"6,2{NARROW_SPACE}%", "6.2%"),
        ("OWN_CAR_AGE", 9.0, "9 ans", "9 years"),
        ("CNT_CHILDREN", 2.0, "2", "2"),
        ("FLAG_EMAIL", 1.0, "oui", "yes"),
        ("FLAG_EMAIL", 0.0, "non", "no"),
        ("CODE_GENDER", "F", "Femme", "Woman"),
        ("NAME_EDUCATION_TYPE", "Higher education", "Supérieur", "Higher"),
        ("AMT_CREDIT", None, "non renseigné", "not given"),
        ("CODE_GENDER", None, "non renseigné", "not given"),
    ],
)
def test_a_value_is_said_in_its_unit_and_language(name, value, french, english):
    assert spoken(name, value) == (french, english)


def test_a_stored_value_is_a_number_a_categorys_text_or_nothing():
    schema = FeatureSchema(("CODE_GENDER", "AMT_CREDIT"), {"CODE_GENDER": ("M", "F")})
    assert feature_value(schema, "CODE_GENDER", 1.0) == "F"
    assert feature_value(schema, "CODE_GENDER", math.nan) is None
    assert feature_value(schema, "AMT_CREDIT", 5.0) == 5.0
    assert feature_value(schema, "AMT_CREDIT", math.nan) is None


def test_every_category_of_the_contract_has_its_words_in_both_languages():
    categories = {word for column in FEATURES.values() for word in column.categories}
    for language in LANGUAGES:
        assert categories == CATEGORY_WORDS[language].keys()
        assert all(words.strip() for words in CATEGORY_WORDS[language].values())


class TestWhatIsNotKnown:
    """A reason states something only when most of what weighs its way is known."""

    def told(self, known, **weights):
        """known : values by feature; all others are missing"""
        features = NO_VALUES.copy()
        for name, value in known.items():
            features[SCHEMA.names.index(name)] = value
        (reason,) = explain_row(SCHEMA, features, contributions_of(**weights), SAY_ALL)
        return reason

    def test_a_family_of_which_nothing_is_known_says_so_and_names_what_is_missing(self):
        reason = self.told({}, EXT_SOURCE_2=0.5, EXT_SOURCE_3=0.2)
        assert (reason.known, reason.code) == (False, "EXT?+")
        assert reason.values == [None]
        assert reason.text["en"] == "External scores are missing (External score 2: not given)"
        assert self.told({}, EXT_SOURCE_2=-0.5).code == "EXT?-"

    def test_a_mixed_family_names_only_what_is_given(self):
        reason = self.told({"AMT_CREDIT": 5.0}, AMT_CREDIT=0.3, AMT_GOODS_PRICE=0.2)
        assert (reason.known, reason.features) == (True, ["AMT_CREDIT"])

    def test_where_most_comes_from_what_is_missing_only_that_is_named(self):
        reason = self.told({"AMT_CREDIT": 5.0}, AMT_CREDIT=0.2, AMT_GOODS_PRICE=0.3)
        assert (reason.known, reason.features) == (False, ["AMT_GOODS_PRICE"])

    def test_half_and_half_states_what_is_known(self):
        assert self.told({"AMT_CREDIT": 5.0}, AMT_CREDIT=0.25, AMT_GOODS_PRICE=0.25).known

    def test_a_count_of_what_is_missing_states_nothing(self):
        assert not self.told({"EXT_SOURCE_COUNT": 0.0}, EXT_SOURCE_COUNT=0.5).known
        assert self.told({"EXT_SOURCE_COUNT": 2.0}, EXT_SOURCE_COUNT=0.5).known
        assert not self.told({"HOUSING_MISSING_COUNT": 14.0}, HOUSING_MISSING_COUNT=0.5).known
        assert self.told({"HOUSING_MISSING_COUNT": 0.0}, HOUSING_MISSING_COUNT=0.5).known

    @pytest.mark.parametrize(
        ("known", "name", "why"),
        [
            ({}, "BUREAU_CREDIT_COUNT", "no file at the credit bureau"),
            ({"BUREAU_CREDIT_COUNT": 1.0}, "BUREAU_DAYS_TO_LAST_END", "not known"),
            ({"BUREAU_CREDIT_COUNT": 1.0}, "INSTALMENT_LATE_COUNT", "no past with us"),
            ({"PREVIOUS_APPLICATION_COUNT": 1.0}, "INSTALMENT_LATE_COUNT", "not known"),
            ({}, "CARD_COUNT", "no card with us"),
            ({}, "AMT_GOODS_PRICE", "not given"),
            ({"FLAG_OWN_CAR": SCHEMA.vocabularies["FLAG_OWN_CAR"].index("N")}, "OWN_CAR_AGE",
             "does not apply"),
            ({"FLAG_OWN_CAR": SCHEMA.vocabularies["FLAG_OWN_CAR"].index("Y")}, "OWN_CAR_AGE",
             "not given"),
        ],
    )  # fmt: skip
    def test_why_it_is_missing_is_said_where_the_contract_knows(self, known, name, why):
        reason = self.told(known, **{name: 0.5})
        assert reason.features == [name]
        assert reason.text["en"].endswith(f": {why})")


class TestWhatIsWorthSaying:
    def codes(self, slope, **weights):
        return [
            reason.code
            for reason in explain_row(SCHEMA, VALUES, contributions_of(**weights), slope)
        ]

    def test_half_a_point_of_probability_or_a_twentieth_of_all_that_moves(self):
        weights = {"EXT_SOURCE_1": 1.0, "AMT_CREDIT": 0.04}
        assert self.codes(0.1, **weights) == ["EXT+"]  # 0.4 points, 3.8 %
        assert self.codes(0.125, **weights) == ["EXT+", "LOAN+"]  # 0.5 points
        assert self.codes(0.1, EXT_SOURCE_1=0.95, AMT_CREDIT=-0.05) == ["EXT+", "LOAN-"]  # 5 %
        assert self.codes(0.05, EXT_SOURCE_1=0.96, AMT_CREDIT=-0.05) == ["EXT+"]

    def test_the_heaviest_is_always_worth_saying(self):
        assert self.codes(0.0, EXT_SOURCE_1=1e-9) == ["EXT+"]
