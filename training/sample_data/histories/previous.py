"""previous_application: each earlier request with its price, its shop and how it ended."""

import numpy as np
from credit_scoring.arrays import Flags

from training.sample_data.categories import (
    Category,
    Columns,
    constant,
    draw,
    draw_in_contexts,
    of_names,
)
from training.sample_data.histories.requests import CARD, CASH, CONSUMER, CONTEXTS, TABLE, Requests
from training.sample_data.population import Population
from training.sample_data.sampling import Chunk, Quantiles, blank, from_quantiles, happens

CONTRACT_TYPES = ("Cash loans", "Consumer loans", "Revolving loans")
DOWN_PAYMENT: Quantiles = (0.0001, 0.001, 0.093, 0.101, 0.109, 0.198, 0.288, 0.545, 0.85)
SELLER_AREA: Quantiles = (1, 2, 15, 30, 80, 466, 1810, 4500, 4e5)


def previous_table(chunk: Chunk, people: Population, requests: Requests, days: Columns) -> Columns:
    """previous_application.

    days : the five columns that say when the granted loans were drawn, due and over
    """
    rng = chunk.stream("previous_application columns")
    return {
        "SK_ID_PREV": requests.ids,
        "SK_ID_CURR": people.applicant_ids[requests.person],
        **_amounts(rng, requests),
        **_shop(rng, requests),
        **days,
    }


def _amounts(rng: np.random.Generator, requests: Requests) -> Columns:
    n = len(requests)
    nothing = requests.asked == 0.0
    consumer = requests.kind == CONSUMER
    priced = consumer & ~requests.status.equals("Unused offer") & ~nothing
    unnamed = requests.status.equals("Canceled") & nothing & happens(rng, 0.0015, n)
    rate = np.where(happens(rng, 0.48, n), from_quantiles(rng, n, DOWN_PAYMENT), 0.0)
    without_payment = ~(priced | (happens(rng, 0.1, n) & ~nothing))
    privileged = consumer & requests.approved & happens(rng, 0.0116, n)
    contract_type = of_names(CONTRACT_TYPES, requests.kind)
    return {
        "NAME_CONTRACT_TYPE": contract_type.replaced(unnamed, "XNA"),
        "AMT_ANNUITY": blank(np.round(requests.annuity, 3), nothing & ~requests.approved),
        "AMT_APPLICATION": requests.asked,
        "AMT_CREDIT": requests.credit,
        "AMT_DOWN_PAYMENT": blank(np.round(requests.asked * rate, 1), without_payment),
        "AMT_GOODS_PRICE": blank(requests.asked, nothing),
        "WEEKDAY_APPR_PROCESS_START": draw(rng, "application", "WEEKDAY_APPR_PROCESS_START", n),
        "HOUR_APPR_PROCESS_START": np.clip(
            np.round(12.5 + 3.3 * rng.standard_normal(n)), 0, 23
        ).astype(np.int64),
        "FLAG_LAST_APPL_PER_CONTRACT": of_names(("N", "Y"), happens(rng, 0.9953, n)),
        "NFLAG_LAST_APPL_IN_DAY": happens(rng, 0.9965, n).astype(np.int64),
        "RATE_DOWN_PAYMENT": blank(np.round(rate, 6), without_payment),
        "RATE_INTEREST_PRIMARY": blank(np.round(0.14 + 0.06 * rng.random(n), 4), ~privileged),
        "RATE_INTEREST_PRIVILEGED": blank(np.round(0.64 + 0.23 * rng.random(n), 4), ~privileged),
    }


def _shop(rng: np.random.Generator, requests: Requests) -> Columns:
    n, kind = len(requests), requests.kind
    consumer, card = kind == CONSUMER, kind == CARD
    nothing = (requests.asked == 0.0) & ~requests.approved
    refused = requests.status.equals("Refused")
    unused = requests.status.equals("Unused offer")
    reason = draw_in_contexts(rng, TABLE, "CODE_REJECT_REASON", kind, CONTEXTS)
    product = draw_in_contexts(rng, TABLE, "NAME_PRODUCT_TYPE", kind, CONTEXTS)
    product = product.replaced(consumer | nothing, "XNA")
    cash_walk_in = product.equals("walk-in") & (kind == CASH)
    purpose = draw(rng, TABLE, "NAME_CASH_LOAN_PURPOSE", n).replaced(~cash_walk_in, "XNA")
    portfolio = of_names(("Cash", "POS", "Cards"), kind).replaced(nothing | unused, "XNA")
    yield_group = draw_in_contexts(rng, TABLE, "NAME_YIELD_GROUP", kind, CONTEXTS)
    yield_group = yield_group.replaced(card | nothing | unused, "XNA")
    industry = draw(rng, TABLE, "NAME_SELLER_INDUSTRY", n).replaced(~consumer, "XNA")
    suite = draw(rng, TABLE, "NAME_TYPE_SUITE", n)
    payment = draw_in_contexts(rng, TABLE, "NAME_PAYMENT_TYPE", kind, CONTEXTS)
    area = from_quantiles(rng, n, SELLER_AREA).astype(np.int64)
    return {
        "NAME_CASH_LOAN_PURPOSE": purpose.replaced(kind != CASH, "XAP"),
        "NAME_CONTRACT_STATUS": requests.status,
        "DAYS_DECISION": requests.decided,
        "NAME_PAYMENT_TYPE": payment.replaced(card | nothing, "XNA"),
        "CODE_REJECT_REASON": reason.replaced(~refused, "XAP").replaced(unused, "CLIENT"),
        "NAME_TYPE_SUITE": suite.replaced(nothing, None),
        "NAME_CLIENT_TYPE": draw_in_contexts(rng, TABLE, "NAME_CLIENT_TYPE", kind, CONTEXTS),
        "NAME_GOODS_CATEGORY": draw(rng, TABLE, "NAME_GOODS_CATEGORY", n).replaced(
            ~consumer, "XNA"
        ),
        "NAME_PORTFOLIO": portfolio,
        "NAME_PRODUCT_TYPE": product,
        "CHANNEL_TYPE": draw_in_contexts(rng, TABLE, "CHANNEL_TYPE", kind, CONTEXTS),
        "SELLERPLACE_AREA": np.where(consumer, area, np.where(happens(rng, 0.85, n), -1, 0)),
        "NAME_SELLER_INDUSTRY": industry,
        "CNT_PAYMENT": blank(requests.term, nothing),
        "NAME_YIELD_GROUP": yield_group,
        "PRODUCT_COMBINATION": _combination(requests, yield_group, product, industry, nothing),
    }


def _combination(
    requests: Requests, yield_group: Category, product: Category, industry: Category, nothing: Flags
) -> Category:
    """The product's name, put together from the other columns."""
    kind, n = requests.kind, len(requests)
    combination = constant("Cash", n).replaced(kind == CARD, "Card Street")
    combination = combination.replaced((kind == CARD) & product.equals("x-sell"), "Card X-Sell")
    for level, group in (("low", "low_normal"), ("middle", "middle"), ("high", "high")):
        here = (kind == CASH) & ~nothing & yield_group.equals(group)
        combination = combination.replaced(here, f"Cash Street: {level}")
        combination = combination.replaced(here & product.equals("x-sell"), f"Cash X-Sell: {level}")
    here = (kind == CASH) & yield_group.equals("low_action")
    combination = combination.replaced(here, "Cash X-Sell: low")
    return _shop_product(combination, kind == CONSUMER, yield_group, industry)


def _shop_product(
    combination: Category, consumer: Flags, yield_group: Category, industry: Category
) -> Category:
    free = yield_group.equals("low_action")
    mobile = industry.equals("Connectivity")
    house = industry.equals("Consumer electronics") | industry.equals("Furniture")
    works = industry.equals("Construction") | industry.equals("Industry")
    shops = (("household", house), ("mobile", mobile), ("industry", works))
    elsewhere = consumer & ~(mobile | house | works)
    combination = combination.replaced(elsewhere, "POS other with interest")
    combination = combination.replaced(elsewhere & free, "POS others without interest")
    for name, here in shops:
        combination = combination.replaced(consumer & here, f"POS {name} with interest")
        combination = combination.replaced(consumer & here & free, f"POS {name} without interest")
    return combination
