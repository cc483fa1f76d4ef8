-- Credit cards of this lender, month by month: one row per card and month.
-- Result: one row per applicant.
--   MONTHS_BALANCE           month relative to the application (below 0)
--   AMT_CREDIT_LIMIT_ACTUAL  limit of the card in that month; 0 when it is blocked
--   SK_DPD_DEF               days past due, small sums forgiven
-- Utilisation is the balance over the limit; a month without a limit has none.
WITH months AS (
    SELECT
        *,
        AMT_BALANCE / nullif(AMT_CREDIT_LIMIT_ACTUAL, 0) AS utilisation,
        max(MONTHS_BALANCE) OVER (PARTITION BY SK_ID_CURR) AS last_month
    FROM credit_card_balance
)
SELECT
    SK_ID_CURR,
    count(DISTINCT MONTHS_BALANCE) AS CARD_MONTH_COUNT,
    avg(utilisation) AS CARD_UTILISATION_MEAN,
    max(utilisation) AS CARD_UTILISATION_MAX,
    avg(utilisation) FILTER (MONTHS_BALANCE = last_month) AS CARD_UTILISATION_LAST,
    sum(AMT_DRAWINGS_ATM_CURRENT) / nullif(sum(AMT_DRAWINGS_CURRENT), 0) AS CARD_CASH_DRAWING_SHARE,
    avg(CNT_DRAWINGS_CURRENT) AS CARD_DRAWING_COUNT_MEAN,
    sum(AMT_PAYMENT_TOTAL_CURRENT) / nullif(sum(AMT_INST_MIN_REGULARITY), 0)
        AS CARD_PAYMENT_TO_MINIMUM,
    count(*) FILTER (SK_DPD_DEF > 0) / nullif(count(SK_DPD_DEF), 0) AS CARD_LATE_MONTH_SHARE,
    max(SK_DPD_DEF) AS CARD_DAYS_PAST_DUE_MAX
FROM months
GROUP BY SK_ID_CURR
