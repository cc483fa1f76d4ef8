"""One application as documents show it, and what is asked about it."""

LOAN = {
    "AMT_INCOME_TOTAL": 180000,
    "AMT_CREDIT": 540000,
    "AMT_ANNUITY": 27000,
    "DAYS_BIRTH": -14610,
}
APPLICATION = {
    "SK_ID_CURR": "100002",
    **LOAN,
    "EXT_SOURCE_2": 0.52,
    "NAME_INCOME_TYPE": "Working",
}
OTHER = {"SK_ID_CURR": "100003"}
CHANGES = [{"AMT_CREDIT": 450000}, {"AMT_CREDIT": 450000, "AMT_INCOME_TOTAL": 200000}]
FORBIDDEN = ["AMT_INCOME_TOTAL"]
LIMITS = {"AMT_CREDIT": {"least": 400000}}
