"""The part of an application about the applicant: household, work, address, contact."""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.categories import Columns, draw, draw_in_contexts, of_names
from training.sample_data.population import Population
from training.sample_data.sampling import (
    Chunk,
    Integers,
    Quantiles,
    blank,
    clustered_counts,
    from_normal,
    from_quantiles,
    happens,
    logistic,
)

AGE: Quantiles = (7700, 8260, 10300, 12450, 15750, 19700, 22100, 24400, 25200)
EMPLOYED: Quantiles = (12, 110, 340, 770, 1650, 3140, 5280, 11100, 17900)
REGISTERED: Quantiles = (0, 44, 670, 2000, 4500, 7500, 9900, 13900, 22900)
IDENTITY_CARD: Quantiles = (0, 58, 720, 1720, 3260, 4290, 4720, 5460, 6230)
LAST_PHONE: Quantiles = (-1, -1, -1, 284, 770, 1570, 2160, 3160, 4170)
CAR_AGE: Quantiles = (0, 0, 2, 5, 9, 15, 22, 64, 91)
REGION_POPULATION: Quantiles = (
    0.0003,
    0.0021,
    0.0066,
    0.01,
    0.0188,
    0.0287,
    0.0358,
    0.0725,
    0.0725,
)
REGIONS = 80

# What DAYS_EMPLOYED says of somebody without a job.
NO_JOB = 365243
ADULT = 18 * 365

# Share of pensioners at these ages, in years.
PENSION_AGES = (18, 40, 50, 53, 56, 60, 64, 70)
PENSIONERS_AMONG_WOMEN = (0.002, 0.006, 0.03, 0.14, 0.55, 0.82, 0.88, 0.95)
PENSIONERS_AMONG_MEN = (0.003, 0.008, 0.04, 0.08, 0.14, 0.55, 0.84, 0.95)


def person_columns(chunk: Chunk, people: Population) -> Columns:
    rng = chunk.stream("person")
    household = _household(rng, people)
    work = _work(rng, people, np.asarray(household["DAYS_BIRTH"]))
    contact = _contact(rng, people, work, np.asarray(household["DAYS_BIRTH"]))
    return household | work | _address(rng, work) | contact


def _household(rng: np.random.Generator, people: Population) -> Columns:
    n = len(people)
    family = draw(rng, "application", "NAME_FAMILY_STATUS", n)
    couple = family.equals("Married") | family.equals("Civil marriage")
    children = rng.poisson(0.45 * np.exp(0.35 * couple - 0.45 * people.age**2 - 0.45 * people.age))
    owns_car = happens(rng, np.where(people.is_man, 0.56, 0.24), n)
    return {
        "CODE_GENDER": of_names(("F", "M"), people.is_man).replaced(happens(rng, 1.5e-5, n), "XNA"),
        "FLAG_OWN_CAR": of_names(("N", "Y"), owns_car),
        "FLAG_OWN_REALTY": of_names(
            ("N", "Y"), happens(rng, logistic(0.85 + 0.25 * people.age), n)
        ),
        "CNT_CHILDREN": np.minimum(children, 14),
        "CNT_FAM_MEMBERS": blank(1 + children + couple, happens(rng, 1e-5, n)),
        "NAME_FAMILY_STATUS": family,
        "NAME_HOUSING_TYPE": draw(rng, "application", "NAME_HOUSING_TYPE", n),
        "DAYS_BIRTH": -from_normal(people.age, AGE).astype(np.int64),
        "OWN_CAR_AGE": blank(np.floor(from_quantiles(rng, n, CAR_AGE)), ~owns_car),
    }


def _work(rng: np.random.Generator, people: Population, days_birth: Integers) -> Columns:
    n = len(people)
    retired = happens(rng, _pensioner_share(days_birth, people.is_man), n)
    jobless = retired | happens(rng, 1e-4, n)
    income_type = draw(rng, "application", "NAME_INCOME_TYPE", n)
    gender = people.is_man.astype(np.int64)
    occupation = draw_in_contexts(rng, "application", "OCCUPATION_TYPE", gender, ("woman", "man"))
    organisation = draw(rng, "application", "ORGANIZATION_TYPE", n)
    return {
        "NAME_INCOME_TYPE": income_type.replaced(jobless, "Unemployed").replaced(
            retired, "Pensioner"
        ),
        "NAME_EDUCATION_TYPE": draw(rng, "application", "NAME_EDUCATION_TYPE", n),
        "DAYS_EMPLOYED": np.where(jobless, NO_JOB, -_days_employed(rng, people.age, days_birth)),
        "OCCUPATION_TYPE": occupation.replaced(jobless, None),
        "ORGANIZATION_TYPE": organisation.replaced(jobless, "XNA"),
        "FLAG_EMP_PHONE": (~jobless).astype(np.int64),
    }


def _pensioner_share(days_birth: Integers, is_man: Flags) -> Numbers:
    years = -days_birth / 365.25
    women = np.interp(years, PENSION_AGES, PENSIONERS_AMONG_WOMEN)
    return np.where(is_man, np.interp(years, PENSION_AGES, PENSIONERS_AMONG_MEN), women)


def _days_employed(rng: np.random.Generator, age: Numbers, days_birth: Integers) -> Integers:
    """Nobody works before they are of age."""
    n = len(age)
    days = from_normal(0.3 * age + 0.95 * rng.standard_normal(n), EMPLOYED)
    adult_life = (-days_birth - ADULT).astype(np.float64)
    days = np.where(days > adult_life, adult_life * rng.random(n), days)
    return np.maximum(days, 1).astype(np.int64)


def _address(rng: np.random.Generator, work: Columns) -> Columns:
    n = len(work["FLAG_EMP_PHONE"])
    works = np.asarray(work["FLAG_EMP_PHONE"]) == 1
    region = rng.integers(0, REGIONS, n)
    population, rating = _regions()
    lives_elsewhere = happens(rng, 0.015, n)
    works_away = works & happens(rng, np.where(lives_elsewhere, 0.6, 0.053), n)
    other_city = lives_elsewhere | happens(rng, 0.064, n)
    works_in_other_city = works & (works_away | happens(rng, np.where(other_city, 0.8, 0.19), n))
    return {
        "REGION_POPULATION_RELATIVE": population[region],
        "REGION_RATING_CLIENT": rating[region],
        "REGION_RATING_CLIENT_W_CITY": rating[region]
        - ((rating[region] == 3) & happens(rng, 0.08, n)),
        "REG_REGION_NOT_LIVE_REGION": lives_elsewhere.astype(np.int64),
        "REG_REGION_NOT_WORK_REGION": works_away.astype(np.int64),
        "LIVE_REGION_NOT_WORK_REGION": (works_away & ~lives_elsewhere).astype(np.int64),
        "REG_CITY_NOT_LIVE_CITY": other_city.astype(np.int64),
        "REG_CITY_NOT_WORK_CITY": works_in_other_city.astype(np.int64),
        "LIVE_CITY_NOT_WORK_CITY": (works_in_other_city & ~other_city).astype(np.int64),
    }


def _regions() -> tuple[Numbers, Integers]:
    """Population and rating (1 good, 3 poor) of the regions; the same ones in every chunk."""
    rng = np.random.default_rng(REGIONS)
    population = np.round(from_quantiles(rng, REGIONS, REGION_POPULATION), 6)
    score = np.argsort(np.argsort(population + 0.02 * rng.standard_normal(REGIONS))) / REGIONS
    return population, np.where(score < 0.16, 3, np.where(score < 0.895, 2, 1)).astype(np.int64)


def _contact(
    rng: np.random.Generator, people: Population, work: Columns, days_birth: Integers
) -> Columns:
    n = len(people)
    works = np.asarray(work["FLAG_EMP_PHONE"]) == 1
    registered = from_normal(0.3 * people.age + 0.95 * rng.standard_normal(n), REGISTERED)
    card = from_normal(0.25 * people.age + 0.97 * rng.standard_normal(n), IDENTITY_CARD)
    changed = from_normal(0.2 * people.discipline + 0.98 * rng.standard_normal(n), LAST_PHONE)
    return {
        # Nothing was registered before the birth.
        "DAYS_REGISTRATION": np.maximum(0.0 - np.floor(registered), days_birth),
        "DAYS_ID_PUBLISH": np.maximum(-card.astype(np.int64), days_birth),
        "DAYS_LAST_PHONE_CHANGE": 0.0 - np.floor(np.maximum(changed, 0.0)),
        "FLAG_MOBIL": np.ones(n, dtype=np.int64),
        "FLAG_WORK_PHONE": (works & happens(rng, 0.243, n)).astype(np.int64),
        "FLAG_CONT_MOBILE": happens(rng, 0.9985, n).astype(np.int64),
        "FLAG_PHONE": happens(rng, 0.28, n).astype(np.int64),
        "FLAG_EMAIL": happens(rng, 0.057, n).astype(np.int64),
    } | _social_circle(rng, n)


def _social_circle(rng: np.random.Generator, n: int) -> Columns:
    """How many acquaintances were seen 30 and 60 days late; unknown together."""
    unknown = happens(rng, 0.0033, n)
    observed = np.minimum(clustered_counts(rng, np.full(n, 1.42), 0.55), 300)
    late_30 = rng.binomial(observed, 0.1)
    observed_60 = rng.binomial(observed, 0.99)
    late_60 = np.minimum(rng.binomial(late_30, 0.7), observed_60)
    return {
        "OBS_30_CNT_SOCIAL_CIRCLE": blank(observed, unknown),
        "DEF_30_CNT_SOCIAL_CIRCLE": blank(late_30, unknown),
        "OBS_60_CNT_SOCIAL_CIRCLE": blank(observed_60, unknown),
        "DEF_60_CNT_SOCIAL_CIRCLE": blank(late_60, unknown),
    }
