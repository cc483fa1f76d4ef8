"""The part of an application about the loan: amounts, external scores, papers, when and how."""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Category, Columns, draw, of_names
from training.sample_data.population import Population
from training.sample_data.sampling import (
    Chunk,
    Quantiles,
    blank,
    clustered_counts,
    from_normal,
    from_quantiles,
    happens,
    rounded_to,
)

INCOME: Quantiles = (27e3, 45e3, 81e3, 112.5e3, 148e3, 203e3, 270e3, 450e3, 4.5e6)
GOODS: Quantiles = (40.5e3, 67.5e3, 180e3, 248e3, 454e3, 698e3, 1.12e6, 1.8e6, 4.05e6)
CARD_LIMIT: Quantiles = (45e3, 135e3, 180e3, 180e3, 270e3, 338e3, 585e3, 1.35e6, 1.58e6)
CREDIT_TO_GOODS: Quantiles = (1.02, 1.05, 1.09, 1.12, 1.16, 1.22, 1.32, 1.53, 1.66)
MONTHS: Quantiles = (6, 8, 11, 18, 27, 42, 54, 60, 60)
MONTHLY_RATE: Quantiles = (0.006, 0.007, 0.010, 0.013, 0.017, 0.022, 0.028, 0.033, 0.036)
HOUR: Quantiles = (0, 4, 8, 10, 12, 14, 16, 19, 23)
SCORES: tuple[Quantiles, ...] = (
    (0.0147, 0.083, 0.214, 0.332, 0.505, 0.672, 0.786, 0.892, 0.95),
    (0.0001, 0.029, 0.221, 0.392, 0.566, 0.663, 0.722, 0.783, 0.855),
    (0.0005, 0.061, 0.223, 0.366, 0.533, 0.666, 0.749, 0.833, 0.89),
)

# One applicant of each chunk declares the income that the published data has once.
ABSURD_INCOME = 117e6

# Share of applications that come with each paper; the published data has no number 1.
DOCUMENTS = {
    2: 6e-5, 4: 6e-5, 5: 0.015, 7: 2e-4, 9: 0.0042, 10: 3e-5, 11: 0.0039, 12: 1e-5, 13: 0.0035,
    14: 0.003, 15: 0.0012, 16: 0.0099, 17: 3e-4, 18: 0.0081, 19: 6e-4, 20: 5e-4, 21: 3e-4,
}  # fmt: skip
REQUESTS = {"HOUR": 0.006, "DAY": 0.007, "WEEK": 0.034, "MON": 0.27, "QRT": 0.265, "YEAR": 1.94}


def loan_columns(chunk: Chunk, people: Population, person: Columns) -> Columns:
    rng = chunk.stream("loan")
    n = len(people)
    return {
        **_amounts(rng, people, person),
        **_external_scores(rng, people),
        **_documents(rng, person),
        **_bureau_requests(rng, people),
        "NAME_TYPE_SUITE": draw(rng, "application", "NAME_TYPE_SUITE", n),
        "WEEKDAY_APPR_PROCESS_START": draw(rng, "application", "WEEKDAY_APPR_PROCESS_START", n),
        "HOUR_APPR_PROCESS_START": from_quantiles(rng, n, HOUR).round().astype(np.int64),
    }


def _amounts(rng: np.random.Generator, people: Population, person: Columns) -> Columns:
    n = len(people)
    standing = _standing(rng, people, person)
    revolving = happens(rng, 0.096, n)
    goods = _goods_price(rng, people, standing, revolving)
    credit = _credit(rng, goods, revolving)
    annuity = np.where(revolving, rounded_to(credit * 0.05, 4.5), _annuity(rng, people, credit))
    return {
        "NAME_CONTRACT_TYPE": of_names(("Cash loans", "Revolving loans"), revolving),
        "AMT_INCOME_TOTAL": _income(rng, standing),
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": blank(annuity, happens(rng, 4e-5, n)),
        "AMT_GOODS_PRICE": blank(goods, revolving & happens(rng, 0.01, n)),
    }


def _standing(rng: np.random.Generator, people: Population, person: Columns) -> Numbers:
    """How well somebody earns for a living, as a standard normal value."""
    education = person["NAME_EDUCATION_TYPE"]
    assert isinstance(education, Category)
    higher = education.equals("Higher education") | education.equals("Academic degree")
    works = np.asarray(person["FLAG_EMP_PHONE"])
    explained = 0.5 * (higher - 0.24) + 0.45 * (people.is_man - 0.34) + 0.55 * (works - 0.82)
    noise: Numbers = rng.standard_normal(len(people))
    return explained + 0.16 * people.external_scores[:, 1] + 0.9 * noise


def _income(rng: np.random.Generator, standing: Numbers) -> Numbers:
    n = len(standing)
    exact = from_normal(standing, INCOME)
    step = np.where(happens(rng, 0.62, n), 22500.0, np.where(happens(rng, 0.8, n), 4500.0, 450.0))
    income = np.maximum(np.round(exact / step) * step, 25650.0)
    income[rng.integers(n)] = ABSURD_INCOME
    return income


def _goods_price(
    rng: np.random.Generator, people: Population, standing: Numbers, revolving: Flags
) -> Numbers:
    n = len(people)
    z = 0.40 * standing + 0.10 * people.age + 0.15 * people.appetite + 0.89 * rng.standard_normal(n)
    exact = np.where(revolving, from_normal(z, CARD_LIMIT), from_normal(z, GOODS))
    step = np.where(happens(rng, 0.45, n), 45000.0, np.where(happens(rng, 0.5, n), 22500.0, 4500.0))
    return np.maximum(np.round(exact / step) * step, 40500.0)


def _credit(rng: np.random.Generator, goods: Numbers, revolving: Flags) -> Numbers:
    """What the goods cost, and for two cash loans of three the insurance on top."""
    n = len(goods)
    insured = ~revolving & happens(rng, 0.71, n)
    credit = goods * from_quantiles(rng, n, CREDIT_TO_GOODS)
    return np.where(insured, np.ceil(credit / 4.5) * 4.5, goods)


def _annuity(rng: np.random.Generator, people: Population, credit: Numbers) -> Numbers:
    """The monthly payment that pays a credit back: more is lent for longer."""
    n = len(credit)
    size = (np.log(credit) - 13.1) / 0.72
    months = np.round(from_normal(0.70 * size + 0.72 * rng.standard_normal(n), MONTHS) / 6) * 6
    z = 0.95 * rng.standard_normal(n) - 0.3 * people.external_scores[:, 1]
    rate = from_normal(z, MONTHLY_RATE)
    return rounded_to(credit * rate / (1.0 - (1.0 + rate) ** -np.maximum(months, 10.0)), 4.5)


def _external_scores(rng: np.random.Generator, people: Population) -> Columns:
    n = len(people)
    unknown = (
        happens(rng, 0.5633, n),
        happens(rng, 0.0021, n),
        happens(rng, np.where(people.known_to_bureau, 0.085, 0.92), n),
    )
    # The third agency answers with one of some hundreds of values.
    exact = (*people.external_scores.T[:2], np.round(people.external_scores[:, 2], 2))
    return {
        f"EXT_SOURCE_{number + 1}": blank(
            np.round(from_normal(exact[number], SCORES[number]), 15), unknown[number]
        )
        for number in range(3)
    }


def _documents(rng: np.random.Generator, person: Columns) -> Columns:
    """Nearly everybody brings one of the papers 3, 6 (pensioners) and 8; the others are rare."""
    n = len(person["FLAG_EMP_PHONE"])
    works = np.asarray(person["FLAG_EMP_PHONE"]) == 1
    main = rng.random(n)
    common = {
        3: np.where(works, main < 0.77, main < 0.45),
        6: ~works & (main >= 0.45) & (main < 0.94),
        8: works & (main >= 0.77) & (main < 0.87),
    }
    flags = common | {number: happens(rng, share, n) for number, share in DOCUMENTS.items()}
    return {f"FLAG_DOCUMENT_{number}": flags[number].astype(np.int64) for number in sorted(flags)}


def _bureau_requests(rng: np.random.Generator, people: Population) -> Columns:
    """How often lenders asked the bureau about the applicant; unknown together."""
    n = len(people)
    unknown = happens(rng, np.where(people.known_to_bureau, 0.025, 0.80), n)
    pull = np.exp(0.2 * people.appetite)
    return {
        f"AMT_REQ_CREDIT_BUREAU_{period}": blank(
            np.minimum(clustered_counts(rng, mean * pull, 2.0), 60), unknown
        )
        for period, mean in REQUESTS.items()
    }
