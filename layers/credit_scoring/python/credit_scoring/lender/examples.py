"""One application as documents show it, what is asked about it, and golden dossiers."""

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
# Made up, and scored every hour to see that the PDs are those of the training: much and little
# known, safe and risky, with words and with the mark of no job.
GOLDEN: tuple[dict[str, object], ...] = (
    {**LOAN, "EXT_SOURCE_1": 0.71, "EXT_SOURCE_2": 0.78, "EXT_SOURCE_3": 0.69,
     "NAME_INCOME_TYPE": "State servant", "DAYS_EMPLOYED": -4200, "AMT_GOODS_PRICE": 495000},
    {**LOAN, "AMT_CREDIT": 1350000, "AMT_ANNUITY": 67500, "EXT_SOURCE_2": 0.08,
     "EXT_SOURCE_3": 0.12, "DAYS_BIRTH": -8400, "NAME_INCOME_TYPE": "Working",
     "DAYS_EMPLOYED": -210, "OCCUPATION_TYPE": "Laborers"},
    {**LOAN, "AMT_INCOME_TOTAL": 67500, "DAYS_BIRTH": -22800, "EXT_SOURCE_2": 0.55,
     "NAME_INCOME_TYPE": "Pensioner", "DAYS_EMPLOYED": 365243},
    {**LOAN},
)  # fmt: skip
