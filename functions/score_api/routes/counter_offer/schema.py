"""POST /counter-offer."""

from credit_scoring.decision import VERDICTS
from credit_scoring.lender import examples
from credit_scoring.what_if.loan_terms import ANNUITY, LONGEST

from functions.score_api.openapi.operations import BODY_PROBLEMS, Content, body, operation
from functions.score_api.openapi.shapes import (
    COUNT,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    probability,
    reference,
)
from functions.score_api.openapi.what_if import DURATION, HEAD, VERDICT, request_of
from functions.score_api.routes.counter_offer.handlers import (
    LARGEST_AMOUNT,
    MOST_ALTERNATIVES,
    MOST_AMOUNTS,
    MOST_DURATIONS,
    MOST_LOANS,
)

EXAMPLE = {
    "application": examples.LOAN,
    "duration": 24,
}
ABOUT = (
    "Scores amounts times durations in one call: by default 20 amounts up to the requested one and "
    f"10 durations around it, at most {MOST_LOANS}. Annuities are computed at the rate that "
    "`duration` implies; without it interest is left out and the duration is amount / annuity."
)


def make_offer() -> Content:
    statuses = (*BODY_PROBLEMS, 404, 409, 503)
    summary = "Which other amounts and durations would be accepted"
    described = operation("makeCounterOffer", summary, "CounterOffer", *statuses)
    return described | {"description": ABOUT} | body("CounterOfferRequest", EXAMPLE)


def _range(largest: float, most: int) -> Schema:
    bound = number() | {"minimum": 1, "maximum": largest}
    count: Schema = {"type": "integer", "minimum": 1, "maximum": most}
    return object_of({"least": bound, "most": bound, "count": nullable(count)}, optional=("count",))


WITH_ANNUITY: Schema = {
    "allOf": [
        reference("Application"),
        {"required": [ANNUITY], "properties": {ANNUITY: {"type": "number"}}},
    ]
}


def _grid(entry: Schema) -> Schema:
    return list_of(list_of(entry)) | {"description": "One list an amount, one entry a duration."}


SCHEMAS: dict[str, Schema] = {
    "CounterOfferRequest": request_of(
        {
            "application": WITH_ANNUITY,
            "duration": DURATION,
            "amounts": _range(LARGEST_AMOUNT, MOST_AMOUNTS),
            "durations": _range(LONGEST, MOST_DURATIONS),
            "most": {"type": "integer", "minimum": 1, "maximum": MOST_ALTERNATIVES},
        }
    ),
    "Loan": object_of(
        {
            "amount": number(),
            "duration": COUNT,
            "annuity": number(),
            "distance": number("Relative change of the amount plus that of the duration."),
            **VERDICT,
        }
    ),
    "CounterOffer": object_of(
        {
            **HEAD,
            "requested": object_of(
                {
                    "amount": number(),
                    "annuity": number(),
                    "duration": number("In annuities."),
                    "rate": number("Of one period, as a share."),
                    "assumes": one_of(("stated_duration", "no_interest")),
                    **VERDICT,
                }
            ),
            "amounts": list_of(number()),
            "durations": list_of(COUNT),
            "annuities": _grid(number()),
            "probabilities_of_default": _grid(probability()),
            "decisions": _grid(one_of(VERDICTS)),
            "largest": nullable(reference("Loan")),
            "nearest": list_of(reference("Loan"), most=MOST_ALTERNATIVES),
        }
    ),
}
