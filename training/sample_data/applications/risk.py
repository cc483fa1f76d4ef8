"""Who defaults: the log-odds that all tables hint at.

About half of what can be known is in the application. The rest is discipline and appetite, which
only the payment history shows. The outcome is drawn from the probability, so that nobody can know
more than it.
"""

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.applications.person import NO_JOB
from training.sample_data.categories import Category, Columns, risk_effect
from training.sample_data.population import Population
from training.sample_data.sampling import Chunk, happens, logistic

# Chosen so that 8.1 % default.
INTERCEPT = -3.47

EXTERNAL_SCORES = (-0.42, -0.44, -0.53)
AGE = -0.04
EMPLOYED_LONGER = -0.23
ANNUITY_TO_INCOME = 0.15
CREDIT_TO_GOODS = 0.23
ANNUITY_TO_CREDIT = 0.18
REGION_RATING = 0.15
DISCIPLINE = -0.76
APPETITE = 0.30

CATEGORIES = (
    "NAME_INCOME_TYPE",
    "NAME_EDUCATION_TYPE",
    "NAME_FAMILY_STATUS",
    "NAME_HOUSING_TYPE",
    "OCCUPATION_TYPE",
    "ORGANIZATION_TYPE",
)


def draw_defaults(chunk: Chunk, people: Population, application: Columns) -> Flags:
    rng = chunk.stream("risk")
    return happens(rng, logistic(default_log_odds(people, application)), len(people))


def default_log_odds(people: Population, application: Columns) -> Numbers:
    """float64 (n,)"""
    log_odds = INTERCEPT + people.external_scores @ np.array(EXTERNAL_SCORES)
    log_odds += AGE * people.age + DISCIPLINE * people.discipline + APPETITE * people.appetite
    log_odds += _burden(application) + _situation(application)
    for column in CATEGORIES:
        log_odds += _category_effect(application, column)
    return np.asarray(log_odds)


def _burden(application: Columns) -> Numbers:
    """What the loan weighs, in standard deviations of each ratio."""
    income, credit, goods, annuity = (
        np.asarray(application[name], dtype=np.float64)
        for name in ("AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_GOODS_PRICE", "AMT_ANNUITY")
    )
    to_income = np.log(annuity / income / 0.16) / 0.55
    to_goods = (credit / goods - 1.12) / 0.12
    to_credit = (annuity / credit - 0.055) / 0.022
    burden: Numbers = (
        ANNUITY_TO_INCOME * np.clip(to_income, -3, 3)
        + CREDIT_TO_GOODS * to_goods
        + ANNUITY_TO_CREDIT * to_credit
    )
    return np.nan_to_num(burden)


def _situation(application: Columns) -> Numbers:
    days = np.asarray(application["DAYS_EMPLOYED"], dtype=np.float64)
    longer = np.where(days == NO_JOB, 0.3, np.log(-np.minimum(days, -30.0) / 1650.0))
    rating = np.asarray(application["REGION_RATING_CLIENT"])
    effect: Numbers = EMPLOYED_LONGER * longer + REGION_RATING * (rating - 2.0)
    return effect


def _category_effect(application: Columns, column: str) -> Numbers:
    category = application[column]
    assert isinstance(category, Category)
    return risk_effect(column, category)
