"""Six small tables whose aggregates can be worked out by hand, in their published columns."""

import csv
import io

from training.sample_data.schema import SECONDARY_TABLES


def published(table, text):
    """The rows of a CSV with all published columns; those that are not given stay empty."""
    names = SECONDARY_TABLES[table]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(row.keys() <= set(names) for row in rows)
    lines = [",".join(row.get(name) or "" for name in names) for row in rows]
    return "\n".join([",".join(names), *lines, ""])


BUREAU = published(
    "bureau",
    """\
SK_ID_CURR,SK_ID_BUREAU,CREDIT_ACTIVE,CREDIT_TYPE,DAYS_CREDIT,DAYS_CREDIT_ENDDATE,\
DAYS_ENDDATE_FACT,DAYS_CREDIT_UPDATE,AMT_CREDIT_MAX_OVERDUE,AMT_CREDIT_SUM,AMT_CREDIT_SUM_DEBT,\
AMT_CREDIT_SUM_LIMIT,AMT_CREDIT_SUM_OVERDUE,CREDIT_DAY_OVERDUE,CNT_CREDIT_PROLONG,AMT_ANNUITY
7,1,Active,Credit card,-100,200,,-10,50.5,1000,400,600,0,0,0,50
7,2,Active,Consumer credit,-300,-20,,-30,,3000,,,25,12,1,
7,3,Closed,Consumer credit,-800,-400,-450,-440,10,900,0,,0,0,0,
8,4,Closed,Microloan,-40,-10,-5,-5,,100,,,0,0,0,
""",
)
BUREAU_BALANCE = published(
    "bureau_balance",
    """\
SK_ID_BUREAU,MONTHS_BALANCE,STATUS
1,0,0
1,-1,1
1,-2,X
1,-14,3
2,-5,C
2,-6,0
4,-3,C
99,-1,5
""",
)
PREVIOUS = published(
    "previous_application",
    """\
SK_ID_PREV,SK_ID_CURR,NAME_CONTRACT_TYPE,NAME_CONTRACT_STATUS,DAYS_DECISION,AMT_APPLICATION,\
AMT_CREDIT,AMT_ANNUITY,CNT_PAYMENT,RATE_DOWN_PAYMENT,DAYS_LAST_DUE,DAYS_LAST_DUE_1ST_VERSION,\
CODE_REJECT_REASON
1,7,Consumer loans,Approved,-900,1000,1100,110,12,0.1,-500,-480,XAP
2,7,Cash loans,Approved,-200,3000,2500,130,24,,365243,520,XAP
3,7,Revolving loans,Approved,-100,0,0,,0,,,,XAP
4,7,Cash loans,Refused,-400,5000,5000,,,0.3,,,SCOFR
5,7,Cash loans,Canceled,-50,0,0,,,,,,XAP
6,8,Consumer loans,Unused offer,-30,100,100,,6,,,,CLIENT
""",
)
POS = published(
    "POS_CASH_balance",
    """\
SK_ID_PREV,SK_ID_CURR,MONTHS_BALANCE,CNT_INSTALMENT,CNT_INSTALMENT_FUTURE,NAME_CONTRACT_STATUS,\
SK_DPD,SK_DPD_DEF
1,7,-3,6,2,Active,0,0
1,7,-2,6,1,Active,6,6
1,7,-1,3,0,Completed,0,0
2,7,-20,12,10,Active,9,9
2,7,-19,12,9,Active,4,0
3,8,-40,,,Active,0,0
""",
)
CARD = published(
    "credit_card_balance",
    """\
SK_ID_PREV,SK_ID_CURR,MONTHS_BALANCE,AMT_BALANCE,AMT_CREDIT_LIMIT_ACTUAL,AMT_DRAWINGS_ATM_CURRENT,\
AMT_DRAWINGS_CURRENT,CNT_DRAWINGS_CURRENT,AMT_PAYMENT_CURRENT,AMT_PAYMENT_TOTAL_CURRENT,\
AMT_INST_MIN_REGULARITY,SK_DPD_DEF
1,7,-6,20,100,0,0,0,,0,,0
1,7,-3,50,100,30,40,4,10,10,5,0
1,7,-2,120,100,,60,2,4,20,5,3
1,7,-1,20,0,0,0,0,30,30,,0
2,8,-1,25,100,0,0,0,0,0,0,0
""",
)
INSTALMENTS = published(
    "installments_payments",
    """\
SK_ID_PREV,SK_ID_CURR,NUM_INSTALMENT_VERSION,NUM_INSTALMENT_NUMBER,DAYS_INSTALMENT,\
DAYS_ENTRY_PAYMENT,AMT_INSTALMENT,AMT_PAYMENT
1,7,1.0,1,-400,-405,100,100
1,7,1.0,2,-370,-372,100,60
1,7,1.0,2,-370,-360,100,40
1,7,1.0,3,-340,-337,100,90
1,7,2.0,4,-310,,100,
3,7,0.0,1,-200,-205,50,50
2,8,1.0,1,-30,-30,50,50
""",
)
FILES = {
    "bureau": BUREAU,
    "bureau_balance": BUREAU_BALANCE,
    "previous_application": PREVIOUS,
    "POS_CASH_balance": POS,
    "credit_card_balance": CARD,
    "installments_payments": INSTALMENTS,
}


def write_tables(folder, files=FILES):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder
