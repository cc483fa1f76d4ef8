"""No sentence states a fact whose values are all missing: read back from the words themselves.

The checker knows nothing of how a wording is chosen. It has the sentences of the table of families,
the labels of the contract and what an applicant gave.
"""

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import build_features
from credit_scoring.reasons.audiences import tell
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.wording import ABSENCES, LANGUAGES
from credit_scoring.scoring import score_applicants

from tests.credit_scoring.examples import fit, many_applicants, small_model
from training.data.load import find_table, read_text
from training.fitting.compile import compile_forest

PARTS = ("train", "test")
ABSENT = {words for pair in ABSENCES for words in pair}
LABELS = {
    language: {column.label[language]: name for name, column in FEATURES.items()}
    for language in LANGUAGES
}
# Sentence -> family, of those that state something.
STATED = {
    language: {
        row[f"{audience}{way}_{language}"]: family
        for family, row in FAMILIES.items()
        for audience in ("", "applicant_")
        for way in ("raises", "lowers")
    }
    for language in LANGUAGES
}
UNKNOWN = {
    row[f"{audience}unknown_{language}"]
    for row in FAMILIES.values()
    for audience in ("", "applicant_")
    for language in LANGUAGES
}


def untrue(text, language, values):
    """What is wrong with one sentence, or None; values : feature -> value or None."""
    sentence, _, details = text.rstrip(".").partition(" (")
    named = []
    for detail in details.rstrip(")").split("; ") if details else []:
        label, _, words = re.sub(r"\u202f?: .*points? .*", "", detail).partition(
            " : " if language == "fr" else ": "
        )
        named.append((LABELS[language].get(label), words))
    if sentence in UNKNOWN:
        return None
    family = STATED[language].get(sentence)
    if family is None:
        return f"no sentence of the table: {sentence}"
    own = [name for name in values if FEATURES[name].family == family]
    if all(values[name] is None for name in own):
        return f"nothing of {family} is known: {text}"
    if any(words in ABSENT for _, words in named):
        return f"it names what is missing: {text}"
    if any(values.get(name) is None for name, _ in named):
        return f"it names what nobody gave: {text}"
    return None


def untruths(scores):
    """Of every reason of every row, in both languages, for every audience and in a file."""
    names, found = scores.model.schema.names, []
    columns = [scores.top_reasons(3).texts(language) for language in LANGUAGES]
    for row in range(len(scores)):
        values = dict(zip(names, scores.feature_values(row), strict=True))
        for rank, reason in enumerate(scores.reasons(row), start=1):
            told = tell(
                reason, rank=rank, margin=scores.margins[row],
                base_value=scores.model.explainer.base_value,
            )  # fmt: skip
            for language in LANGUAGES:
                advisor = told["advisor"][language].removesuffix(")")
                texts = [reason.text[language], told["applicant"][language]]
                assert advisor.startswith(reason.text[language].removesuffix(")"))
                found += [untrue(text, language, values) for text in texts]
            if reason.known and all(value is None for value in reason.values):
                found.append(f"an auditor is told of nothing: {told['auditor']['en']}")
        for language, texts in zip(LANGUAGES, columns, strict=True):
            found += [untrue(text[row], language, values) for text in texts if text[row]]
    return [each for each in found if each]


def test_of_applicants_with_any_gaps():
    model, *_ = small_model()
    applicants = many_applicants(400)
    chance = np.random.default_rng(4)
    for name, column in applicants.columns.items():
        gone = chance.random(len(applicants)) < chance.choice([0.0, 0.5, 1.0])
        if name in FEATURES and not FEATURES[name].required:
            column[gone] = -1 if FEATURES[name].is_category else np.nan
    scores = score_applicants(model, applicants)
    assert untruths(scores) == []
    assert any(not reason.known for row in range(400) for reason in scores.reasons(row))


@pytest.mark.real_data
def test_of_real_applicants_by_a_model_of_real_applicants():
    folder = os.environ.get("HOME_CREDIT_DIR")
    tables = [folder and find_table(Path(folder), f"application_{part}") for part in PARTS]
    if not all(tables):
        pytest.skip("needs HOME_CREDIT_DIR, a folder that holds both application tables")
    train, test = (next(read_text(table, 5_000)) for table in tables)
    labels = np.array([float(text) for text in train.pop("TARGET")])
    model, *_ = small_model()
    matrix = build_features(parse_text_columns(train).applicants, model.schema)
    categorical = [model.schema.names.index(name) for name in model.schema.vocabularies]
    booster = fit(matrix, labels, rounds=60, categorical=categorical)
    real = replace(model, forest=compile_forest(booster))
    scores = score_applicants(real, parse_text_columns(test).applicants)
    assert len(scores)
    assert untruths(scores) == []


def test_the_checker_finds_what_was_said_of_somebody_without_a_past():
    values = {"INSTALMENT_LATE_COUNT": None, "AMT_CREDIT": 5.0}
    past = f"{FAMILIES['payments']['raises_en']} (Instalments paid late: not given)"
    assert "nothing of payments is known" in untrue(past, "en", values)
    loan = f"{FAMILIES['loan']['raises_en']} (Loan annuity: not given)"
    assert "names what is missing" in untrue(loan, "en", values)
    assert untrue(f"{FAMILIES['loan']['raises_en']} (Credit amount: 5)", "en", values) is None
    assert untrue("Some of your past repayments were difficult.", "en", values)
