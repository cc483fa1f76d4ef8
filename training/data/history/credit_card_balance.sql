-- Credit cards of this lender, month by month: one row per card and month.
-- Result: one row per applicant.
--   MONTHS_BALANCE            month relative to the application (below 0)
--   AMT_BALANCE               what is owed; below 0 when more was paid than owed
--   AMT_CREDIT_LIMIT_ACTUAL   limit of the card in that month; 0 when it is blocked
--   AMT_INST_MIN_REGULARITY   least that had to be paid
--   AMT_DRAWINGS_ATM_CURRENT  cash drawn; empty when the card was at rest
--   SK_DPD_DEF                days past due, small sums forgiven; SK_DPD counts them all
-- Utilisation is the balance over the limit; a month without a limit has none. Over a window it is
-- a ratio of sums. A trend is the last 3 months against the last year.
WITH months AS (
    SELECT
        *,
        TRY_CAST(AMT_BALANCE / nullif(AMT_CREDIT_LIMIT_ACTUAL, 0) AS DECIMAL(18, 9)) AS utilisation,
        MONTHS_BALANCE >= -3 AS in_last_3_months,
        MONTHS_BALANCE >= -6 AS in_last_6_months,
        MONTHS_BALANCE >= -12 AS in_last_year,
        MONTHS_BALANCE >= -24 AS in_last_2_years,
        AMT_CREDIT_LIMIT_ACTUAL > 0 AND AMT_BALANCE IS NOT NULL AS has_limit,
        AMT_INST_MIN_REGULARITY > 0 AS must_pay,
        AMT_INST_MIN_REGULARITY > 0 AND coalesce(AMT_PAYMENT_CURRENT, 0) < AMT_INST_MIN_REGULARITY
            AS paid_too_little
    FROM credit_card_balance
),
cards AS (
    SELECT
        SK_ID_CURR,
        latest(AMT_BALANCE, MONTHS_BALANCE) AS last_balance,
        latest(AMT_CREDIT_LIMIT_ACTUAL, MONTHS_BALANCE) AS last_limit,
        max(CNT_INSTALMENT_MATURE_CUM) AS instalments_paid
    FROM credit_card_balance
    GROUP BY SK_ID_CURR, SK_ID_PREV
),
holders AS (
    SELECT
        SK_ID_CURR,
        count(*) AS CARD_COUNT,
        sum(last_limit) AS CARD_LIMIT_LAST,
        sum(last_balance) AS CARD_BALANCE_LAST,
        ratio(sum(last_balance), sum(last_limit)) AS CARD_UTILISATION_LAST,
        sum(instalments_paid) AS CARD_INSTALMENTS_PAID
    FROM cards
    GROUP BY SK_ID_CURR
),
totals AS (
    SELECT
        SK_ID_CURR,
        count(*) AS CARD_MONTH_COUNT,
        -max(MONTHS_BALANCE) AS CARD_MONTHS_SINCE_LAST,

        -- What is owed, and how much of the limit that is.
        avg(AMT_BALANCE) AS CARD_BALANCE_MEAN,
        max(AMT_BALANCE) AS CARD_BALANCE_MAX,
        avg(AMT_BALANCE) FILTER (in_last_3_months) AS CARD_BALANCE_MEAN_LAST_3_MONTHS,
        avg(AMT_BALANCE) FILTER (in_last_year) AS CARD_BALANCE_MEAN_LAST_YEAR,
        slope(AMT_BALANCE, MONTHS_BALANCE, in_last_year) AS CARD_BALANCE_SLOPE_LAST_YEAR,
        max(AMT_CREDIT_LIMIT_ACTUAL) AS CARD_LIMIT_MAX,
        avg(utilisation) AS CARD_UTILISATION_MEAN,
        max(utilisation) AS CARD_UTILISATION_MAX,
        max(utilisation) FILTER (in_last_year) AS CARD_UTILISATION_MAX_LAST_YEAR,
        ratio(
            sum(AMT_BALANCE) FILTER (has_limit AND in_last_3_months),
            sum(AMT_CREDIT_LIMIT_ACTUAL) FILTER (has_limit AND in_last_3_months)
        ) AS CARD_UTILISATION_LAST_3_MONTHS,
        ratio(
            sum(AMT_BALANCE) FILTER (has_limit AND in_last_6_months),
            sum(AMT_CREDIT_LIMIT_ACTUAL) FILTER (has_limit AND in_last_6_months)
        ) AS CARD_UTILISATION_LAST_6_MONTHS,
        ratio(
            sum(AMT_BALANCE) FILTER (has_limit AND in_last_year),
            sum(AMT_CREDIT_LIMIT_ACTUAL) FILTER (has_limit AND in_last_year)
        ) AS CARD_UTILISATION_LAST_YEAR,
        ratio(
            sum(AMT_BALANCE) FILTER (has_limit AND in_last_2_years),
            sum(AMT_CREDIT_LIMIT_ACTUAL) FILTER (has_limit AND in_last_2_years)
        ) AS CARD_UTILISATION_LAST_2_YEARS,
        CARD_UTILISATION_LAST_3_MONTHS - CARD_UTILISATION_LAST_YEAR AS CARD_UTILISATION_TREND,
        ratio(count_where(utilisation > 1), count(utilisation)) AS CARD_OVER_LIMIT_SHARE,
        count_where(utilisation > 1 AND in_last_year) AS CARD_OVER_LIMIT_MONTHS_LAST_YEAR,
        ratio(count_where(AMT_BALANCE > 0), count(AMT_BALANCE)) AS CARD_IN_USE_SHARE,
        ratio(
            sum(AMT_TOTAL_RECEIVABLE - AMT_RECEIVABLE_PRINCIPAL),
            sum(AMT_TOTAL_RECEIVABLE) FILTER (AMT_RECEIVABLE_PRINCIPAL IS NOT NULL)
        ) AS CARD_INTEREST_SHARE,

        -- Purchases and cash.
        avg(AMT_DRAWINGS_CURRENT) AS CARD_DRAWING_MEAN,
        avg(AMT_DRAWINGS_CURRENT) FILTER (in_last_year) AS CARD_DRAWING_MEAN_LAST_YEAR,
        avg(AMT_DRAWINGS_CURRENT) FILTER (in_last_3_months) - CARD_DRAWING_MEAN_LAST_YEAR
            AS CARD_DRAWING_TREND,
        ratio(sum(AMT_DRAWINGS_CURRENT), sum(AMT_CREDIT_LIMIT_ACTUAL)) AS CARD_DRAWING_TO_LIMIT,
        avg(CNT_DRAWINGS_CURRENT) AS CARD_DRAWING_COUNT_MEAN,
        ratio(count_where(AMT_DRAWINGS_CURRENT > 0), count(AMT_DRAWINGS_CURRENT))
            AS CARD_DRAWING_MONTH_SHARE,
        -max(MONTHS_BALANCE) FILTER (AMT_DRAWINGS_CURRENT > 0) AS CARD_MONTHS_SINCE_DRAWING,
        ratio(sum(AMT_DRAWINGS_ATM_CURRENT), sum(AMT_DRAWINGS_CURRENT)) AS CARD_CASH_DRAWING_SHARE,
        ratio(
            sum(AMT_DRAWINGS_ATM_CURRENT) FILTER (in_last_year),
            sum(AMT_DRAWINGS_CURRENT) FILTER (in_last_year)
        ) AS CARD_CASH_DRAWING_SHARE_LAST_YEAR,
        coalesce(sum(CNT_DRAWINGS_ATM_CURRENT) FILTER (in_last_3_months), 0)
            AS CARD_CASH_DRAWINGS_LAST_3_MONTHS,
        coalesce(sum(CNT_DRAWINGS_ATM_CURRENT) FILTER (in_last_6_months), 0)
            AS CARD_CASH_DRAWINGS_LAST_6_MONTHS,
        coalesce(sum(CNT_DRAWINGS_ATM_CURRENT) FILTER (in_last_year), 0)
            AS CARD_CASH_DRAWINGS_LAST_YEAR,
        ratio(count_where(AMT_DRAWINGS_ATM_CURRENT > 0), count(*)) AS CARD_CASH_MONTH_SHARE,
        -max(MONTHS_BALANCE) FILTER (AMT_DRAWINGS_ATM_CURRENT > 0)
            AS CARD_MONTHS_SINCE_CASH_DRAWING,

        -- What was paid back, and whether in time.
        avg(AMT_PAYMENT_TOTAL_CURRENT) AS CARD_PAYMENT_MEAN,
        ratio(sum(AMT_PAYMENT_TOTAL_CURRENT), sum(AMT_BALANCE)) AS CARD_PAYMENT_TO_BALANCE,
        ratio(sum(AMT_PAYMENT_TOTAL_CURRENT), sum(AMT_DRAWINGS_CURRENT)) AS CARD_PAYMENT_TO_DRAWING,
        ratio(sum(AMT_PAYMENT_TOTAL_CURRENT), sum(AMT_INST_MIN_REGULARITY))
            AS CARD_PAYMENT_TO_MINIMUM,
        ratio(
            sum(AMT_PAYMENT_TOTAL_CURRENT) FILTER (in_last_year),
            sum(AMT_INST_MIN_REGULARITY) FILTER (in_last_year)
        ) AS CARD_PAYMENT_TO_MINIMUM_LAST_YEAR,
        ratio(count_where(paid_too_little), count_where(must_pay)) AS CARD_BELOW_MINIMUM_SHARE,
        count_where(paid_too_little AND in_last_year) AS CARD_BELOW_MINIMUM_MONTHS_LAST_YEAR,
        ratio(count_where(SK_DPD_DEF > 0), count(SK_DPD_DEF)) AS CARD_LATE_MONTH_SHARE,
        count_where(SK_DPD_DEF > 0 AND in_last_year) AS CARD_LATE_MONTHS_LAST_YEAR,
        max(SK_DPD_DEF) AS CARD_DAYS_PAST_DUE_MAX,
        max(SK_DPD) AS CARD_DAYS_PAST_DUE_MAX_BY_ANY_SUM,
        -max(MONTHS_BALANCE) FILTER (SK_DPD_DEF > 0) AS CARD_MONTHS_SINCE_LATE
    FROM months
    GROUP BY SK_ID_CURR
)
SELECT *
FROM totals
JOIN holders USING (SK_ID_CURR)
