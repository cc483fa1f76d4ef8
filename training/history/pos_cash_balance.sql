-- Instalment loans of this lender (in shops, in cash), month by month: one row per loan and month.
-- Result: one row per applicant.
--   MONTHS_BALANCE         month relative to the application (below 0)
--   CNT_INSTALMENT_FUTURE  payments left on the loan in that month
--   SK_DPD_DEF             days past due, small sums forgiven
WITH last_month AS (
    SELECT
        SK_ID_CURR,
        arg_max(CNT_INSTALMENT_FUTURE, MONTHS_BALANCE) AS instalments_left,
        arg_max(NAME_CONTRACT_STATUS, MONTHS_BALANCE) AS final_status
    FROM pos_cash_balance
    GROUP BY SK_ID_CURR, SK_ID_PREV
),
loans AS (
    SELECT
        SK_ID_CURR,
        count(*) AS loan_count,
        sum(instalments_left) FILTER (final_status = 'Active') AS instalments_left
    FROM last_month
    GROUP BY SK_ID_CURR
),
months AS (
    SELECT
        SK_ID_CURR,
        count(*) AS POS_MONTH_COUNT,
        count(*) FILTER (SK_DPD_DEF > 0) / nullif(count(SK_DPD_DEF), 0) AS POS_LATE_MONTH_SHARE,
        max(SK_DPD_DEF) AS POS_DAYS_PAST_DUE_MAX,
        max(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -12) AS POS_DAYS_PAST_DUE_MAX_LAST_YEAR,
        -max(MONTHS_BALANCE) FILTER (SK_DPD_DEF > 0) AS POS_MONTHS_SINCE_LATE
    FROM pos_cash_balance
    GROUP BY SK_ID_CURR
)
SELECT
    months.*,
    loans.loan_count AS POS_LOAN_COUNT,
    coalesce(loans.instalments_left, 0) AS POS_INSTALMENTS_LEFT
FROM months
JOIN loans USING (SK_ID_CURR)
