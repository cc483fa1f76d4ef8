"""The history features in pandas, as the yardstick of `bench_history`: same tables, same values.

Written as pandas is meant to be used: only the columns needed are read, everything is a whole
column at a time, and each table is grouped once per function (block-wise `sum`, `max`, ...), never
row by row or group by group.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

type Columns = Mapping[str, pd.Series]

ID = "SK_ID_CURR"


def history_in_pandas(folder: Path) -> pd.DataFrame:
    """Every name of history.csv, one row per applicant that any table knows, by SK_ID_CURR."""
    return pd.concat([make(folder) for make in MAKERS], axis=1).sort_index()


def group(keys: pd.Series | list[pd.Series], **functions: Columns) -> pd.DataFrame:
    """Group once per function: group(keys, sum={"total": amounts}, max={...})."""
    parts = []
    for function, columns in functions.items():
        groups = pd.DataFrame(columns).groupby(keys)
        found = groups.sum(min_count=1) if function == "sum" else getattr(groups, function)()
        parts.append(found)
    return pd.concat(parts, axis=1)


def counts(**masks: pd.Series) -> dict[str, pd.Series]:
    """Masks to be summed: how many rows each of them holds."""
    return {name: mask.astype("int64") for name, mask in masks.items()}


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).clip(-1000, 1000)


def slope(found: pd.DataFrame, name: str) -> pd.Series:
    """From the sums n, x, y, xy and xx of a name."""
    n, x, y, xy, xx = (found[f"{name}_{term}"] for term in ("n", "x", "y", "xy", "xx"))
    return (n * xy - x * y) / (n * xx - x * x).replace(0, np.nan)


def slope_sums(name: str, y: pd.Series, x: pd.Series, chosen: pd.Series) -> dict[str, pd.Series]:
    known = chosen & y.notna() & x.notna()
    x, y = x.where(known).astype("float64"), y.where(known)
    terms = {"n": known.astype("int64"), "x": x, "y": y, "xy": x * y, "xx": x * x}
    return {f"{name}_{term}": values for term, values in terms.items()}


def read(folder: Path, table: str, columns: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{table}.csv", usecols=columns.split())


def named(found: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The features, which are in capitals; the parts that they are made of are not."""
    features = found[[name for name in found if name.isupper()]]
    return features.add_prefix(prefix)


def read_bureau(folder: Path) -> pd.DataFrame:
    columns = """SK_ID_CURR SK_ID_BUREAU CREDIT_ACTIVE CREDIT_TYPE DAYS_CREDIT CREDIT_DAY_OVERDUE
        DAYS_CREDIT_ENDDATE DAYS_ENDDATE_FACT AMT_CREDIT_MAX_OVERDUE CNT_CREDIT_PROLONG
        AMT_CREDIT_SUM AMT_CREDIT_SUM_DEBT AMT_CREDIT_SUM_LIMIT AMT_CREDIT_SUM_OVERDUE
        DAYS_CREDIT_UPDATE AMT_ANNUITY"""
    credits_ = read(folder, "bureau", columns)
    return credits_[
        (credits_.DAYS_CREDIT <= 0)
        & (credits_.DAYS_CREDIT_UPDATE.fillna(0) <= 0)
        & (credits_.DAYS_ENDDATE_FACT.fillna(0) <= 0)
    ]


def bureau(folder: Path) -> pd.DataFrame:
    f = read_bureau(folder)
    day, end, fact, update = (
        f.DAYS_CREDIT,
        f.DAYS_CREDIT_ENDDATE,
        f.DAYS_ENDDATE_FACT,
        f.DAYS_CREDIT_UPDATE,
    )
    amount, debt, limit = f.AMT_CREDIT_SUM, f.AMT_CREDIT_SUM_DEBT, f.AMT_CREDIT_SUM_LIMIT
    worst, annuity = f.AMT_CREDIT_MAX_OVERDUE, f.AMT_ANNUITY
    active, closed = f.CREDIT_ACTIVE == "Active", f.CREDIT_ACTIVE == "Closed"
    consumer, card = f.CREDIT_TYPE == "Consumer credit", f.CREDIT_TYPE == "Credit card"
    mortgage, microloan = f.CREDIT_TYPE == "Mortgage", f.CREDIT_TYPE == "Microloan"
    has_ratio = debt.notna() & (amount > 0)
    has_limit = active & card & (debt >= 0) & (limit >= 0)
    ended = closed & consumer
    g = group(
        f[ID],
        sum=counts(
            CREDIT_COUNT=day.notna(),
            ACTIVE_CREDIT_COUNT=active,
            CLOSED_CREDIT_COUNT=closed,
            LOST_CREDIT_COUNT=f.CREDIT_ACTIVE.isin(["Sold", "Bad debt"]),
            CONSUMER_CREDIT_COUNT=consumer,
            CARD_COUNT=card,
            MORTGAGE_COUNT=mortgage,
            CAR_LOAN_COUNT=f.CREDIT_TYPE == "Car loan",
            MICROLOAN_COUNT=microloan,
            ACTIVE_CONSUMER_CREDIT_COUNT=active & consumer,
            ACTIVE_CARD_COUNT=active & card,
            ACTIVE_MICROLOAN_COUNT=active & microloan,
            CREDITS_LAST_3_MONTHS=day >= -90,
            CREDITS_LAST_6_MONTHS=day >= -180,
            CREDITS_LAST_YEAR=day >= -365,
            CREDITS_LAST_2_YEARS=day >= -730,
            ACTIVE_PAST_END_COUNT=active & (end < 0),
            ACTIVE_WITHOUT_END_COUNT=active & end.isna(),
            OVERDUE_CREDIT_COUNT=(f.AMT_CREDIT_SUM_OVERDUE > 0) | (f.CREDIT_DAY_OVERDUE > 0),
            EVER_OVERDUE_COUNT=worst > 0,
            worst_known=worst.notna(),
        )
        | {
            "CREDIT_TOTAL": amount,
            "ACTIVE_CREDIT_TOTAL": amount.where(active),
            "CLOSED_CREDIT_TOTAL": amount.where(closed),
            "CREDIT_TOTAL_LAST_YEAR": amount.where(day >= -365),
            "DEBT_TOTAL": debt,
            "ACTIVE_DEBT_TOTAL": debt.where(active),
            "CONSUMER_DEBT_TOTAL": debt.where(active & consumer),
            "CARD_DEBT_TOTAL": debt.where(active & card),
            "MORTGAGE_DEBT_TOTAL": debt.where(active & mortgage),
            "DEBT_OF_LAST_YEAR_CREDITS": debt.where(day >= -365),
            "debt_active": debt.where(active & has_ratio),
            "lent_active": amount.where(active & has_ratio),
            "debt_all": debt.where(has_ratio),
            "lent_all": amount.where(has_ratio),
            "debt_consumer": debt.where(active & consumer & has_ratio),
            "lent_consumer": amount.where(active & consumer & has_ratio),
            "debt_card": debt.where(active & card & has_ratio),
            "lent_card": amount.where(active & card & has_ratio),
            "CARD_LIMIT_LEFT_TOTAL": limit.where(active & card),
            "used": debt.where(has_limit),
            "usable": (debt + limit).where(has_limit),
            "ANNUITY_TOTAL": annuity.where(active),
            "debt_with_annuity": debt.where(active & (annuity > 0)),
            "annuity_with_debt": annuity.where(active & debt.notna()),
            "OVERDUE_TOTAL": f.AMT_CREDIT_SUM_OVERDUE,
            "worst_total": worst.where(amount > 0),
            "worst_lent": amount.where(worst.notna()),
            "PROLONGATION_COUNT": f.CNT_CREDIT_PROLONG,
        },
        mean={
            "CREDIT_AGE_MEAN": -day,
            "ACTIVE_CREDIT_AGE_MEAN": -day.where(active),
            "CLOSED_CREDIT_AGE_MEAN": -day.where(closed),
            "ACTIVE_UPDATE_AGE_MEAN": -update.where(active),
            "DAYS_TO_END_MEAN": end.where(active & (end >= 0) & ~card),
            "CONSUMER_TERM_MEAN": (end - day).where(consumer),
            "DAYS_CLOSED_EARLY_MEAN": (end - fact).where(ended),
            "CREDIT_AMOUNT_MEAN": amount,
            "amount_last_2_years": amount.where(day >= -730),
        },
        max={
            "DAYS_SINCE_FIRST_CREDIT": -day,
            "DAYS_SINCE_FIRST_ACTIVE_CREDIT": -day.where(active),
            "DAYS_TO_LAST_END": end.where(active),
            "CREDIT_AMOUNT_MAX": amount,
            "ACTIVE_DEBT_MAX": debt.where(active),
            "DAYS_OVERDUE_MAX": f.CREDIT_DAY_OVERDUE,
            "WORST_OVERDUE": worst,
            "WORST_OVERDUE_LAST_2_YEARS": worst.where(day >= -730),
        },
        min={
            "DAYS_SINCE_LAST_CREDIT": -day,
            "DAYS_SINCE_LAST_ACTIVE_CREDIT": -day.where(active),
            "DAYS_SINCE_LAST_CONSUMER_CREDIT": -day.where(consumer),
            "DAYS_SINCE_LAST_CARD": -day.where(card),
            "DAYS_SINCE_UPDATE": -update,
            "DAYS_SINCE_LAST_CLOSURE": -fact.where(closed),
        },
    )
    latest = f[[ID, "DAYS_CREDIT", "AMT_CREDIT_SUM"]].sort_values(["DAYS_CREDIT", "AMT_CREDIT_SUM"])
    g["LAST_CREDIT_AMOUNT"] = latest.groupby(ID).AMT_CREDIT_SUM.last()
    kinds = ["CONSUMER_CREDIT", "CARD", "MORTGAGE", "CAR_LOAN", "MICROLOAN"]
    g["CREDIT_TYPE_COUNT"] = (g[[f"{kind}_COUNT" for kind in kinds]] > 0).sum(axis=1)
    g["ACTIVE_CREDIT_SHARE"] = ratio(g.ACTIVE_CREDIT_COUNT, g.CREDIT_COUNT)
    g["CREDIT_SHARE_LAST_YEAR"] = ratio(g.CREDITS_LAST_YEAR, g.CREDIT_COUNT)
    span = g.DAYS_SINCE_FIRST_CREDIT - g.DAYS_SINCE_LAST_CREDIT
    g["DAYS_BETWEEN_CREDITS_MEAN"] = span / (g.CREDIT_COUNT - 1).replace(0, np.nan)
    g["CREDIT_AMOUNT_TREND"] = ratio(g.amount_last_2_years, g.CREDIT_AMOUNT_MEAN)
    g["ACTIVE_DEBT_TO_CREDIT"] = ratio(g.debt_active, g.lent_active)
    g["DEBT_TO_CREDIT"] = ratio(g.debt_all, g.lent_all)
    g["CONSUMER_DEBT_TO_CREDIT"] = ratio(g.debt_consumer, g.lent_consumer)
    g["CARD_DEBT_TO_CREDIT"] = ratio(g.debt_card, g.lent_card)
    g["CARD_UTILISATION"] = ratio(g.used, g.usable)
    g["DEBT_TO_ANNUITY"] = ratio(g.debt_with_annuity, g.annuity_with_debt)
    g["EVER_OVERDUE_SHARE"] = ratio(g.EVER_OVERDUE_COUNT, g.worst_known)
    g["WORST_OVERDUE_TO_CREDIT"] = ratio(g.worst_total, g.worst_lent)
    return named(g, "BUREAU_")


def bureau_balance(folder: Path) -> pd.DataFrame:
    f = read(folder, "bureau_balance", "SK_ID_BUREAU MONTHS_BALANCE STATUS")
    f = f[f.MONTHS_BALANCE <= 0]
    month, status = f.MONTHS_BALANCE, f.STATUS
    lateness = pd.to_numeric(status, errors="coerce")
    late, over_30 = lateness >= 1, lateness >= 2
    per_credit = group(
        f.SK_ID_BUREAU,
        sum=counts(
            months=month.notna(),
            unknown=status == "X",
            known=lateness.notna(),
            known_year=lateness.notna() & (month > -12),
            late=late,
            late_3=late & (month > -3),
            late_6=late & (month > -6),
            late_12=late & (month > -12),
            late_24=late & (month > -24),
            over_30=over_30,
        )
        | {"lateness": lateness, "lateness_year": lateness.where(month > -12)},
        max={
            "worst": lateness,
            "worst_year": lateness.where(month > -12),
            "last_late": month.where(late),
            "last_over_30": month.where(over_30),
        },
        min={"first": month},
    )
    per_credit["last_status"] = (
        f.sort_values("MONTHS_BALANCE").groupby("SK_ID_BUREAU").STATUS.last()
    )
    owners = read_bureau(folder)[[ID, "SK_ID_BUREAU", "CREDIT_ACTIVE", "CREDIT_TYPE"]]
    c = owners.merge(per_credit, left_on="SK_ID_BUREAU", right_index=True)
    card, consumer = c.CREDIT_TYPE == "Credit card", c.CREDIT_TYPE == "Consumer credit"
    g = group(
        c[ID],
        sum=counts(
            CREDIT_COUNT=c.months.notna(), closed=c.last_status == "C", late_credits=c.late > 0
        )
        | {
            "MONTH_COUNT": c.months,
            "unknown": c.unknown,
            "known": c.known,
            "known_year": c.known_year,
            "LATE_MONTH_COUNT": c.late,
            "LATE_MONTHS_LAST_3_MONTHS": c.late_3,
            "LATE_MONTHS_LAST_6_MONTHS": c.late_6,
            "LATE_MONTHS_LAST_YEAR": c.late_12,
            "LATE_MONTHS_LAST_2_YEARS": c.late_24,
            "ACTIVE_LATE_MONTH_COUNT": c.late.where(c.CREDIT_ACTIVE == "Active"),
            "late_card": c.late.where(card),
            "known_card": c.known.where(card),
            "late_consumer": c.late.where(consumer),
            "known_consumer": c.known.where(consumer),
            "LATE_OVER_30_DAYS_COUNT": c.over_30,
            "lateness": c.lateness,
            "lateness_year": c.lateness_year,
        },
        mean={"MONTHS_PER_CREDIT": c.months},
        max={
            "MONTHS_SINCE_FIRST": -c["first"],
            "WORST_STATUS": c.worst,
            "WORST_STATUS_LAST_YEAR": c.worst_year,
            "LAST_STATUS": pd.to_numeric(c.last_status, errors="coerce"),
        },
        min={"MONTHS_SINCE_LATE": -c.last_late, "MONTHS_SINCE_OVER_30_DAYS": -c.last_over_30},
    )
    g["UNKNOWN_MONTH_SHARE"] = ratio(g.unknown, g.MONTH_COUNT)
    g["CLOSED_CREDIT_SHARE"] = ratio(g.closed, g.CREDIT_COUNT)
    g["LATE_MONTH_SHARE"] = ratio(g.LATE_MONTH_COUNT, g.known)
    g["LATE_MONTH_SHARE_LAST_YEAR"] = ratio(g.LATE_MONTHS_LAST_YEAR, g.known_year)
    g["LATE_MONTH_SHARE_TREND"] = g.LATE_MONTH_SHARE_LAST_YEAR - g.LATE_MONTH_SHARE
    g["CARD_LATE_MONTH_SHARE"] = ratio(g.late_card, g.known_card)
    g["CONSUMER_LATE_MONTH_SHARE"] = ratio(g.late_consumer, g.known_consumer)
    g["LATE_CREDIT_SHARE"] = ratio(g.late_credits, g.CREDIT_COUNT)
    g["LATENESS_MEAN"] = ratio(g.lateness, g.known)
    g["LATENESS_MEAN_LAST_YEAR"] = ratio(g.lateness_year, g.known_year)
    return named(g, "BUREAU_BALANCE_")


def previous_application(folder: Path) -> pd.DataFrame:
    columns = """SK_ID_PREV SK_ID_CURR NAME_CONTRACT_TYPE NAME_CONTRACT_STATUS AMT_ANNUITY
        AMT_APPLICATION AMT_CREDIT AMT_DOWN_PAYMENT AMT_GOODS_PRICE RATE_DOWN_PAYMENT
        NAME_CASH_LOAN_PURPOSE DAYS_DECISION CODE_REJECT_REASON NAME_GOODS_CATEGORY
        NAME_PRODUCT_TYPE CNT_PAYMENT NAME_YIELD_GROUP DAYS_FIRST_DRAWING DAYS_LAST_DUE
        DAYS_LAST_DUE_1ST_VERSION NFLAG_INSURED_ON_APPROVAL"""
    f = read(folder, "previous_application", columns)
    f = f[f.DAYS_DECISION <= 0].sort_values(["DAYS_DECISION", "SK_ID_PREV"], ascending=False)
    recency = f.groupby(ID).cumcount() + 1
    day, credit, asked, annuity = f.DAYS_DECISION, f.AMT_CREDIT, f.AMT_APPLICATION, f.AMT_ANNUITY
    approved, refused = f.NAME_CONTRACT_STATUS == "Approved", f.NAME_CONTRACT_STATUS == "Refused"
    decided = approved | refused
    cash, consumer = f.NAME_CONTRACT_TYPE == "Cash loans", f.NAME_CONTRACT_TYPE == "Consumer loans"
    card = f.NAME_CONTRACT_TYPE == "Revolving loans"
    last_due, term = f.DAYS_LAST_DUE, f.CNT_PAYMENT.replace(0, np.nan)
    is_open, finished = approved & (last_due > 0), approved & (last_due <= 0)
    agreed_end = f.DAYS_LAST_DUE_1ST_VERSION.replace(365243, np.nan)
    names_amount = (asked > 0) & credit.notna()
    interest = (annuity * f.CNT_PAYMENT - credit).where((f.CNT_PAYMENT > 0) & (credit > 0))
    credit_months = (credit * (f.CNT_PAYMENT + 1)).where(interest.notna())
    purpose, goods = f.NAME_CASH_LOAN_PURPOSE, f.NAME_GOODS_CATEGORY
    pressing = ["Urgent needs", "Everyday expenses", "Payments on other loans", "Medicine"]
    year, half = day >= -365, day >= -180
    g = group(
        f[ID],
        sum=counts(
            APPLICATION_COUNT=day.notna(),
            APPROVED_COUNT=approved,
            REFUSED_COUNT=refused,
            decided=decided,
            CANCELLED_COUNT=f.NAME_CONTRACT_STATUS == "Canceled",
            UNUSED_OFFER_COUNT=f.NAME_CONTRACT_STATUS == "Unused offer",
            CASH_COUNT=cash,
            CONSUMER_COUNT=consumer,
            CARD_COUNT=card,
            CASH_REFUSED_COUNT=cash & refused,
            CONSUMER_REFUSED_COUNT=consumer & refused,
            CARD_REFUSED_COUNT=card & refused,
            REFUSED_FOR_HC_COUNT=f.CODE_REJECT_REASON == "HC",
            REFUSED_FOR_LIMIT_COUNT=f.CODE_REJECT_REASON == "LIMIT",
            REFUSED_FOR_SCORE_COUNT=f.CODE_REJECT_REASON.isin(["SCO", "SCOFR"]),
            APPLICATIONS_LAST_3_MONTHS=day >= -90,
            APPLICATIONS_LAST_6_MONTHS=half,
            APPLICATIONS_LAST_YEAR=year,
            APPLICATIONS_LAST_2_YEARS=day >= -730,
            APPROVALS_LAST_YEAR=approved & year,
            REFUSALS_LAST_6_MONTHS=refused & half,
            REFUSALS_LAST_YEAR=refused & year,
            decided_year=decided & year,
            refused_2_years=refused & (day >= -730),
            decided_2_years=decided & (day >= -730),
            REFUSED_AMONG_LAST_3=refused & (recency <= 3),
            high=f.NAME_YIELD_GROUP == "high",
            yield_known=f.NAME_YIELD_GROUP.notna() & (f.NAME_YIELD_GROUP != "XNA"),
            OPEN_LOAN_COUNT=is_open,
            FINISHED_LOAN_COUNT=finished,
            ended_early=finished & (last_due < agreed_end),
            ended=finished & agreed_end.notna(),
            PURPOSE_NAMED_COUNT=purpose.notna() & ~purpose.isin(["XAP", "XNA"]),
            PRESSING_PURPOSE_COUNT=purpose.isin(pressing),
            mobile=goods == "Mobile",
            goods_known=goods.notna() & (goods != "XNA"),
            walk_in=f.NAME_PRODUCT_TYPE == "walk-in",
        )
        | {
            "GRANTED_TOTAL": credit.where(approved),
            "GRANTED_LAST_YEAR": credit.where(approved & year),
            "granted_named": credit.where(approved & names_amount),
            "asked_named": asked.where(approved & names_amount),
            "cash_granted_named": credit.where(approved & cash & names_amount),
            "cash_asked_named": asked.where(approved & cash & names_amount),
            "interest": interest.where(approved),
            "months": credit_months.where(approved),
            "cash_interest": interest.where(approved & cash),
            "cash_months": credit_months.where(approved & cash),
            "consumer_interest": interest.where(approved & consumer),
            "consumer_months": credit_months.where(approved & consumer),
            "refused_interest": interest.where(refused),
            "refused_months": credit_months.where(refused),
            "OPEN_CREDIT_TOTAL": credit.where(is_open & ~card),
            "OPEN_ANNUITY_TOTAL": annuity.where(is_open & ~card),
        },
        mean={
            "APPLICATION_AGE_MEAN": -day,
            "APPROVAL_AGE_MEAN": -day.where(approved),
            "REQUESTED_MEAN": asked.where(asked > 0),
            "GRANTED_MEAN": credit.where(approved),
            "REFUSED_AMOUNT_MEAN": credit.where(refused & (credit > 0)),
            "GOODS_PRICE_MEAN": f.AMT_GOODS_PRICE.where(consumer & approved),
            "DOWN_PAYMENT_SHARE_MEAN": f.RATE_DOWN_PAYMENT,
            "DOWN_PAYMENT_MEAN": f.AMT_DOWN_PAYMENT.where(consumer & approved),
            "ANNUITY_MEAN": annuity.where(approved),
            "TERM_MEAN": term.where(approved),
            "CASH_TERM_MEAN": term.where(approved & cash),
            "DAYS_ENDED_EARLY_MEAN": (agreed_end - last_due).where(finished),
            "INSURED_SHARE": f.NFLAG_INSURED_ON_APPROVAL.where(approved),
        },
        max={
            "DAYS_SINCE_FIRST_APPLICATION": -day,
            "GRANTED_MAX": credit.where(approved),
            "ANNUITY_MAX": annuity.where(approved),
            "DAYS_TO_AGREED_END": agreed_end.where(is_open),
            "DAYS_SINCE_FIRST_DRAWING": -f.DAYS_FIRST_DRAWING.where(
                approved & (f.DAYS_FIRST_DRAWING <= 0)
            ),
        },
        min={
            "DAYS_SINCE_LAST_APPLICATION": -day,
            "DAYS_SINCE_LAST_APPROVAL": -day.where(approved),
            "DAYS_SINCE_LAST_REFUSAL": -day.where(refused),
            "days_since_decision": -day.where(decided),
            "DAYS_SINCE_LAST_CASH_APPLICATION": -day.where(cash),
            "DAYS_SINCE_LAST_CONSUMER_APPLICATION": -day.where(consumer),
            "DAYS_SINCE_LAST_CARD_APPLICATION": -day.where(card),
            "DAYS_SINCE_LAST_DUE": -last_due.where(finished),
        },
        first={
            "LAST_REQUESTED": asked.where(asked > 0),
            "LAST_GRANTED": credit.where(approved),
            "LAST_ANNUITY": annuity.where(approved),
            "last_interest": interest.where(approved),
            "last_months": credit_months.where(approved),
        },
    )
    g = g.copy()  # or pandas warns of a frame in a hundred pieces
    g["APPROVED_SHARE"] = ratio(g.APPROVED_COUNT, g.APPLICATION_COUNT)
    g["REFUSED_SHARE"] = ratio(g.REFUSED_COUNT, g.decided)
    g["REFUSED_SHARE_LAST_YEAR"] = ratio(g.REFUSALS_LAST_YEAR, g.decided_year)
    g["REFUSED_SHARE_LAST_2_YEARS"] = ratio(g.refused_2_years, g.decided_2_years)
    g["REFUSED_SHARE_TREND"] = g.REFUSED_SHARE_LAST_YEAR - g.REFUSED_SHARE
    refused_last = (g.days_since_decision == g.DAYS_SINCE_LAST_REFUSAL).astype("float64")
    g["LAST_DECISION_REFUSED"] = refused_last.where(g.decided > 0)
    span = g.DAYS_SINCE_FIRST_APPLICATION - g.DAYS_SINCE_LAST_APPLICATION
    g["DAYS_BETWEEN_APPLICATIONS_MEAN"] = span / (g.APPLICATION_COUNT - 1).replace(0, np.nan)
    g["REFUSED_TO_GRANTED_AMOUNT"] = ratio(g.REFUSED_AMOUNT_MEAN, g.GRANTED_MEAN)
    g["GRANTED_TO_REQUESTED"] = ratio(g.granted_named, g.asked_named)
    g["CASH_GRANTED_TO_REQUESTED"] = ratio(g.cash_granted_named, g.cash_asked_named)
    g["INTEREST_RATE"] = 24 * ratio(g.interest, g.months)
    g["CASH_INTEREST_RATE"] = 24 * ratio(g.cash_interest, g.cash_months)
    g["CONSUMER_INTEREST_RATE"] = 24 * ratio(g.consumer_interest, g.consumer_months)
    g["REFUSED_INTEREST_RATE"] = 24 * ratio(g.refused_interest, g.refused_months)
    g["LAST_INTEREST_RATE"] = 24 * ratio(g.last_interest, g.last_months)
    g["INTEREST_RATE_TREND"] = g.LAST_INTEREST_RATE - g.INTEREST_RATE
    g["HIGH_INTEREST_SHARE"] = ratio(g.high, g.yield_known)
    g["ENDED_EARLY_SHARE"] = ratio(g.ended_early, g.ended)
    g["MOBILE_PHONE_SHARE"] = ratio(g.mobile, g.goods_known)
    g["WALK_IN_SHARE"] = ratio(g.walk_in, g.APPLICATION_COUNT)
    return named(g, "PREVIOUS_")


def pos_cash_balance(folder: Path) -> pd.DataFrame:
    columns = """SK_ID_PREV SK_ID_CURR MONTHS_BALANCE CNT_INSTALMENT CNT_INSTALMENT_FUTURE
        NAME_CONTRACT_STATUS SK_DPD SK_DPD_DEF"""
    f = read(folder, "POS_CASH_balance", columns)
    f["place"] = f.MONTHS_BALANCE * 1000 - f.CNT_INSTALMENT_FUTURE.fillna(999)
    f = f[f.MONTHS_BALANCE <= 0].sort_values(["place", "NAME_CONTRACT_STATUS"])
    month, days = f.MONTHS_BALANCE, f.SK_DPD_DEF
    late, known, year, two_years = days > 0, days.notna(), month >= -12, month >= -24
    loans = group(
        [f[ID], f.SK_ID_PREV],
        sum=counts(
            months=month.notna(),
            known=known,
            known_12=known & year,
            known_24=known & two_years,
            late=late,
            late_6=late & (month >= -6),
            late_12=late & year,
            late_24=late & two_years,
            late_any=f.SK_DPD > 0,
        )
        | {"days": days, "days_12": days.where(year)},
        max={
            "last": month,
            "longest_term": f.CNT_INSTALMENT,
            "most": days,
            "most_12": days.where(year),
            "most_24": days.where(two_years),
            "most_any": f.SK_DPD,
            "last_late": month.where(late),
        },
        min={"first": month},
        last={
            "status": f.NAME_CONTRACT_STATUS,
            "term": f.CNT_INSTALMENT,
            "left": f.CNT_INSTALMENT_FUTURE,
        },
    ).reset_index()
    # As text, the way the SQL breaks a tie between loans that began in the same month.
    loans["text"] = loans.SK_ID_PREV.astype("str")
    loans = loans.sort_values(["first", "text"])
    active, completed = loans.status == "Active", loans.status == "Completed"
    g = group(
        loans[ID],
        sum=counts(
            LOAN_COUNT=loans.months.notna(),
            ACTIVE_LOAN_COUNT=active,
            COMPLETED_LOAN_COUNT=completed,
            LOANS_BEGUN_LAST_YEAR=loans["first"] >= -12,
            shortened=completed & (loans.term < loans.longest_term),
            completed_known=completed & loans.term.notna(),
            late_loans=loans.late > 0,
        )
        | {
            "MONTH_COUNT": loans.months,
            "left": loans.left.where(active),
            "left_known": loans.left.where(active & (loans.term > 0)),
            "term_known": loans.term.where(active & loans.left.notna()),
            "known": loans.known,
            "known_12": loans.known_12,
            "known_24": loans.known_24,
            "LATE_MONTH_COUNT": loans.late,
            "LATE_MONTHS_LAST_6_MONTHS": loans.late_6,
            "LATE_MONTHS_LAST_YEAR": loans.late_12,
            "late_24": loans.late_24,
            "late_any": loans.late_any,
            "days": loans.days,
            "days_12": loans.days_12,
        },
        mean={"MONTHS_PER_LOAN": loans.months, "TERM_MEAN": loans.longest_term},
        max={
            "MONTHS_SINCE_FIRST": -loans["first"],
            "DAYS_PAST_DUE_MAX": loans.most,
            "DAYS_PAST_DUE_MAX_LAST_YEAR": loans.most_12,
            "DAYS_PAST_DUE_MAX_LAST_2_YEARS": loans.most_24,
            "DAYS_PAST_DUE_MAX_BY_ANY_SUM": loans.most_any,
        },
        min={"MONTHS_SINCE_LAST": -loans["last"], "MONTHS_SINCE_LATE": -loans.last_late},
        last={"LAST_LOAN_DAYS_PAST_DUE_MAX": loans.most},
    )
    g["ENDED_EARLY_SHARE"] = ratio(g.shortened, g.completed_known)
    g["INSTALMENTS_LEFT"] = g.left.fillna(0)
    g["INSTALMENTS_LEFT_SHARE"] = ratio(g.left_known, g.term_known)
    g["LATE_MONTH_SHARE"] = ratio(g.LATE_MONTH_COUNT, g.known)
    g["LATE_MONTH_SHARE_LAST_YEAR"] = ratio(g.LATE_MONTHS_LAST_YEAR, g.known_12)
    g["LATE_MONTH_SHARE_LAST_2_YEARS"] = ratio(g.late_24, g.known_24)
    g["LATE_MONTH_SHARE_TREND"] = g.LATE_MONTH_SHARE_LAST_YEAR - g.LATE_MONTH_SHARE
    g["LATE_BY_ANY_SUM_SHARE"] = ratio(g.late_any, g.known)
    g["LATE_LOAN_SHARE"] = ratio(g.late_loans, g.LOAN_COUNT)
    g["DAYS_PAST_DUE_MEAN"] = g.days / g.known.replace(0, np.nan)
    g["DAYS_PAST_DUE_MEAN_LAST_YEAR"] = g.days_12 / g.known_12.replace(0, np.nan)
    return named(g, "POS_")


def credit_card_balance(folder: Path) -> pd.DataFrame:
    columns = """SK_ID_PREV SK_ID_CURR MONTHS_BALANCE AMT_BALANCE AMT_CREDIT_LIMIT_ACTUAL
        AMT_DRAWINGS_ATM_CURRENT AMT_DRAWINGS_CURRENT AMT_INST_MIN_REGULARITY AMT_PAYMENT_CURRENT
        AMT_PAYMENT_TOTAL_CURRENT AMT_RECEIVABLE_PRINCIPAL AMT_TOTAL_RECEIVABLE
        CNT_DRAWINGS_ATM_CURRENT CNT_DRAWINGS_CURRENT CNT_INSTALMENT_MATURE_CUM SK_DPD SK_DPD_DEF"""
    f = read(folder, "credit_card_balance", columns)
    f = f[f.MONTHS_BALANCE <= 0].sort_values("MONTHS_BALANCE")
    month, balance, limit = f.MONTHS_BALANCE, f.AMT_BALANCE, f.AMT_CREDIT_LIMIT_ACTUAL
    drawn, cash, paid = (
        f.AMT_DRAWINGS_CURRENT,
        f.AMT_DRAWINGS_ATM_CURRENT,
        f.AMT_PAYMENT_TOTAL_CURRENT,
    )
    least, times = f.AMT_INST_MIN_REGULARITY, f.CNT_DRAWINGS_ATM_CURRENT
    in_3, in_6, in_12, in_24 = month >= -3, month >= -6, month >= -12, month >= -24
    has_limit, must_pay = (limit > 0) & balance.notna(), least > 0
    too_little = must_pay & (f.AMT_PAYMENT_CURRENT.fillna(0) < least)
    utilisation = balance / limit.replace(0, np.nan)
    late = f.SK_DPD_DEF > 0
    principal, receivable = f.AMT_RECEIVABLE_PRINCIPAL, f.AMT_TOTAL_RECEIVABLE
    g = group(
        f[ID],
        sum=counts(
            MONTH_COUNT=month.notna(),
            limited=utilisation.notna(),
            over=utilisation > 1,
            OVER_LIMIT_MONTHS_LAST_YEAR=(utilisation > 1) & in_12,
            in_use=balance > 0,
            balance_known=balance.notna(),
            drawing=drawn > 0,
            drawing_known=drawn.notna(),
            cash_months=cash > 0,
            too_little=too_little,
            must_pay=must_pay,
            BELOW_MINIMUM_MONTHS_LAST_YEAR=too_little & in_12,
            late=late,
            late_known=f.SK_DPD_DEF.notna(),
            LATE_MONTHS_LAST_YEAR=late & in_12,
        )
        | {
            f"{name}_{window}": values.where(has_limit & chosen)
            for window, chosen in (("3", in_3), ("6", in_6), ("12", in_12), ("24", in_24))
            for name, values in (("balance", balance), ("limit", limit))
        }
        | {
            "interest": receivable - principal,
            "receivable": receivable.where(principal.notna()),
            "drawn": drawn,
            "limit": limit,
            "cash": cash,
            "cash_12": cash.where(in_12),
            "drawn_12": drawn.where(in_12),
            "times_3": times.where(in_3),
            "times_6": times.where(in_6),
            "times_12": times.where(in_12),
            "paid": paid,
            "balance": balance,
            "least": least,
            "paid_12": paid.where(in_12),
            "least_12": least.where(in_12),
        }
        | slope_sums("slope", balance, month, in_12),
        mean={
            "BALANCE_MEAN": balance,
            "BALANCE_MEAN_LAST_3_MONTHS": balance.where(in_3),
            "BALANCE_MEAN_LAST_YEAR": balance.where(in_12),
            "UTILISATION_MEAN": utilisation,
            "DRAWING_MEAN": drawn,
            "DRAWING_MEAN_LAST_YEAR": drawn.where(in_12),
            "drawn_last_3_months": drawn.where(in_3),
            "DRAWING_COUNT_MEAN": f.CNT_DRAWINGS_CURRENT,
            "PAYMENT_MEAN": paid,
        },
        max={
            "BALANCE_MAX": balance,
            "LIMIT_MAX": limit,
            "UTILISATION_MAX": utilisation,
            "UTILISATION_MAX_LAST_YEAR": utilisation.where(in_12),
            "DAYS_PAST_DUE_MAX": f.SK_DPD_DEF,
            "DAYS_PAST_DUE_MAX_BY_ANY_SUM": f.SK_DPD,
        },
        min={
            "MONTHS_SINCE_LAST": -month,
            "MONTHS_SINCE_DRAWING": -month.where(drawn > 0),
            "MONTHS_SINCE_CASH_DRAWING": -month.where(cash > 0),
            "MONTHS_SINCE_LATE": -month.where(late),
        },
    )
    cards = group(
        [f[ID], f.SK_ID_PREV],
        last={"last_balance": balance, "last_limit": limit},
        max={"paid": f.CNT_INSTALMENT_MATURE_CUM},
    )
    held = cards.groupby(level=0)
    g["COUNT"] = held.size()
    totals = held.sum(min_count=1)
    g["LIMIT_LAST"], g["BALANCE_LAST"] = totals.last_limit, totals.last_balance
    g["INSTALMENTS_PAID"] = totals.paid
    g["UTILISATION_LAST"] = ratio(totals.last_balance, totals.last_limit)
    g["BALANCE_SLOPE_LAST_YEAR"] = slope(g, "slope")
    g["UTILISATION_LAST_3_MONTHS"] = ratio(g.balance_3, g.limit_3)
    g["UTILISATION_LAST_6_MONTHS"] = ratio(g.balance_6, g.limit_6)
    g["UTILISATION_LAST_YEAR"] = ratio(g.balance_12, g.limit_12)
    g["UTILISATION_LAST_2_YEARS"] = ratio(g.balance_24, g.limit_24)
    g["UTILISATION_TREND"] = g.UTILISATION_LAST_3_MONTHS - g.UTILISATION_LAST_YEAR
    g["OVER_LIMIT_SHARE"] = ratio(g.over, g.limited)
    g["IN_USE_SHARE"] = ratio(g.in_use, g.balance_known)
    g["INTEREST_SHARE"] = ratio(g.interest, g.receivable)
    g["DRAWING_TREND"] = g.drawn_last_3_months - g.DRAWING_MEAN_LAST_YEAR
    g["DRAWING_TO_LIMIT"] = ratio(g.drawn, g.limit)
    g["DRAWING_MONTH_SHARE"] = ratio(g.drawing, g.drawing_known)
    g["CASH_DRAWING_SHARE"] = ratio(g.cash, g.drawn)
    g["CASH_DRAWING_SHARE_LAST_YEAR"] = ratio(g.cash_12, g.drawn_12)
    g["CASH_DRAWINGS_LAST_3_MONTHS"] = g.times_3.fillna(0)
    g["CASH_DRAWINGS_LAST_6_MONTHS"] = g.times_6.fillna(0)
    g["CASH_DRAWINGS_LAST_YEAR"] = g.times_12.fillna(0)
    g["CASH_MONTH_SHARE"] = ratio(g.cash_months, g.MONTH_COUNT)
    g["PAYMENT_TO_BALANCE"] = ratio(g.paid, g.balance)
    g["PAYMENT_TO_DRAWING"] = ratio(g.paid, g.drawn)
    g["PAYMENT_TO_MINIMUM"] = ratio(g.paid, g.least)
    g["PAYMENT_TO_MINIMUM_LAST_YEAR"] = ratio(g.paid_12, g.least_12)
    g["BELOW_MINIMUM_SHARE"] = ratio(g.too_little, g.must_pay)
    g["LATE_MONTH_SHARE"] = ratio(g.late, g.late_known)
    return named(g, "CARD_")


def installments_payments(folder: Path) -> pd.DataFrame:
    columns = """SK_ID_PREV SK_ID_CURR NUM_INSTALMENT_VERSION NUM_INSTALMENT_NUMBER DAYS_INSTALMENT
        DAYS_ENTRY_PAYMENT AMT_INSTALMENT AMT_PAYMENT"""
    f = read(folder, "installments_payments", columns)
    f = f[(f.DAYS_INSTALMENT <= 0) & (f.DAYS_ENTRY_PAYMENT.fillna(0) <= 0)]
    i = group(
        [f[ID], f.SK_ID_PREV, f.NUM_INSTALMENT_VERSION, f.NUM_INSTALMENT_NUMBER],
        min={"due_day": f.DAYS_INSTALMENT},
        max={"due": f.AMT_INSTALMENT, "paid_day": f.DAYS_ENTRY_PAYMENT},
        sum={"paid": f.AMT_PAYMENT},
        count={"parts": f.DAYS_ENTRY_PAYMENT},
    ).reset_index()
    due_day, due, paid = i.due_day, i.due, i.paid.fillna(0)
    is_paid, is_card = i.paid_day.notna(), i.NUM_INSTALMENT_VERSION == 0
    delay = i.paid_day - due_day
    days_late, days_early = delay.clip(lower=0), (-delay).clip(lower=0)
    late, short = delay > 0, paid < due - 0.01 - 1e-9
    shortfall = (due - paid).clip(lower=0)
    in_3, in_6, in_12, in_24 = (due_day >= -day for day in (90, 180, 365, 730))
    g = group(
        i[ID],
        sum=counts(
            COUNT=due_day.notna(),
            instalments_last_year=in_12,
            LATE_COUNT=late,
            paid_count=is_paid,
            late_3=late & in_3,
            paid_3=is_paid & in_3,
            late_6=late & in_6,
            paid_6=is_paid & in_6,
            late_12=late & in_12,
            paid_12=is_paid & in_12,
            late_24=late & in_24,
            paid_24=is_paid & in_24,
            over_7=days_late > 7,
            LATE_OVER_30_DAYS_COUNT=days_late > 30,
            late_card=late & is_card,
            paid_card=is_paid & is_card,
            late_loan=late & ~is_card,
            paid_loan=is_paid & ~is_card,
            early=days_early > 0,
            early_14=days_early > 14,
            in_parts=i.parts > 1,
        )
        | {
            "due_late": due.where(late),
            "due_paid": due.where(is_paid),
            "PAID_TOTAL": paid,
            "SHORTFALL_TOTAL": shortfall,
            "due": due,
            "paid_year": paid.where(in_12),
            "due_year": due.where(in_12),
        }
        | slope_sums("slope", delay, due_day, in_24),
        mean={
            "DAYS_LATE_MEAN": days_late,
            "DAYS_LATE_MEAN_LAST_6_MONTHS": days_late.where(in_6),
            "DAYS_LATE_MEAN_LAST_YEAR": days_late.where(in_12),
            "DAYS_LATE_MEAN_WHEN_LATE": days_late.where(late),
            "DELAY_MEAN": delay,
            "delay_year": delay.where(in_12),
            "DAYS_EARLY_MEAN": days_early,
            "DAYS_EARLY_MEAN_LAST_YEAR": days_early.where(in_12),
            "AMOUNT_MEAN": due,
            "AMOUNT_MEAN_LAST_YEAR": due.where(in_12),
            "UNDERPAID_SHARE": short,
            "UNDERPAID_SHARE_LAST_YEAR": short.astype("float64").where(in_12),
        },
        max={
            "DAYS_SINCE_FIRST": -due_day,
            "oldest_in_window": -due_day.where(in_24),
            "DAYS_LATE_MAX": days_late,
            "DAYS_LATE_MAX_LAST_YEAR": days_late.where(in_12),
            "AMOUNT_MAX": due,
        },
        min={
            "DAYS_SINCE_LAST": -due_day,
            "DAYS_SINCE_LATE": -due_day.where(late),
            "DAYS_SINCE_UNDERPAID": -due_day.where(short),
        },
    )
    g["LATE_SHARE"] = ratio(g.LATE_COUNT, g.paid_count)
    g["LATE_SHARE_LAST_3_MONTHS"] = ratio(g.late_3, g.paid_3)
    g["LATE_SHARE_LAST_6_MONTHS"] = ratio(g.late_6, g.paid_6)
    g["LATE_SHARE_LAST_YEAR"] = ratio(g.late_12, g.paid_12)
    g["LATE_SHARE_LAST_2_YEARS"] = ratio(g.late_24, g.paid_24)
    g["LATE_SHARE_TREND"] = g.LATE_SHARE_LAST_YEAR - g.LATE_SHARE
    g["LATE_OVER_7_DAYS_SHARE"] = ratio(g.over_7, g.paid_count)
    g["CARD_LATE_SHARE"] = ratio(g.late_card, g.paid_card)
    g["LOAN_LATE_SHARE"] = ratio(g.late_loan, g.paid_loan)
    g["LATE_AMOUNT_SHARE"] = ratio(g.due_late.fillna(0), g.due_paid)
    g["DELAY_TREND"] = g.delay_year - g.DELAY_MEAN
    wide_enough = g.oldest_in_window - g.DAYS_SINCE_LAST >= 180
    g["DELAY_SLOPE_LAST_2_YEARS"] = 365 * slope(g, "slope").where(wide_enough)
    g["EARLY_SHARE"] = ratio(g.early, g.paid_count)
    g["EARLY_OVER_14_DAYS_SHARE"] = ratio(g.early_14, g.paid_count)
    g["PAID_TO_DUE"] = ratio(g.PAID_TOTAL, g.due)
    g["PAID_TO_DUE_LAST_YEAR"] = ratio(g.paid_year, g.due_year)
    g["IN_PARTS_SHARE"] = ratio(g.in_parts, g.paid_count)
    found = named(g.join(_by_loan(f)), "INSTALMENT_")
    found["INSTALMENTS_LAST_YEAR"] = g.instalments_last_year
    return found


def _by_loan(f: pd.DataFrame) -> pd.DataFrame:
    delay = f.DAYS_ENTRY_PAYMENT - f.DAYS_INSTALMENT
    loans = group(
        [f[ID], f.SK_ID_PREV],
        min={"first_due": f.DAYS_INSTALMENT},
        max={
            "version": f.NUM_INSTALMENT_VERSION,
            "delay": delay,
            "first_delay": delay.where(f.NUM_INSTALMENT_NUMBER == 1),
        },
    ).reset_index()
    loans["text"] = loans.SK_ID_PREV.astype("str")
    loans = loans.sort_values(["first_due", "text"])
    g = group(
        loans[ID],
        sum=counts(
            LOAN_COUNT=loans.first_due.notna(),
            late=loans.delay > 0,
            first_late=loans.first_delay > 0,
            first_known=loans.first_delay.notna(),
            RESCHEDULED_LOAN_COUNT=loans.version > 1,
        ),
        last={"LAST_LOAN_DELAY_MAX": loans.delay},
    )
    g["LATE_LOAN_SHARE"] = ratio(g.late, g.LOAN_COUNT)
    g["FIRST_LATE_SHARE"] = ratio(g.first_late, g.first_known)
    return g


MAKERS: list[Callable[[Path], pd.DataFrame]] = [
    bureau,
    bureau_balance,
    previous_application,
    pos_cash_balance,
    credit_card_balance,
    installments_payments,
]
