-- Credits at other lenders, as the credit bureau reports them: one row per credit.
-- Result: one row per applicant.
--   DAYS_CREDIT          day the credit was asked for, relative to the application (0 or below)
--   DAYS_CREDIT_ENDDATE  day it should end; below 0 when that day has passed
--   AMT_CREDIT_SUM_DEBT  what is still owed; empty when the bureau does not know
-- The debt ratio is a ratio of sums, over the open credits whose debt and amount are both known, so
-- that one tiny credit cannot make it explode.
WITH credits AS (
    SELECT
        *,
        CREDIT_ACTIVE = 'Active' AS is_active,
        CREDIT_ACTIVE = 'Active'
            AND AMT_CREDIT_SUM_DEBT IS NOT NULL AND AMT_CREDIT_SUM > 0 AS has_ratio
    FROM bureau
)
SELECT
    SK_ID_CURR,
    count(*) AS BUREAU_CREDIT_COUNT,
    count(*) FILTER (is_active) AS BUREAU_ACTIVE_CREDIT_COUNT,
    count(*) FILTER (CREDIT_ACTIVE = 'Closed') AS BUREAU_CLOSED_CREDIT_COUNT,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active) AS BUREAU_ACTIVE_DEBT_TOTAL,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (has_ratio)
        / sum(AMT_CREDIT_SUM) FILTER (has_ratio) AS BUREAU_ACTIVE_DEBT_TO_CREDIT,
    sum(AMT_CREDIT_SUM_OVERDUE) AS BUREAU_OVERDUE_TOTAL,
    max(AMT_CREDIT_MAX_OVERDUE) AS BUREAU_WORST_OVERDUE,
    -max(DAYS_CREDIT) AS BUREAU_DAYS_SINCE_LAST_CREDIT,
    -avg(DAYS_CREDIT) AS BUREAU_CREDIT_AGE_MEAN,
    -avg(DAYS_CREDIT) FILTER (is_active) AS BUREAU_ACTIVE_CREDIT_AGE_MEAN,
    max(DAYS_CREDIT_ENDDATE) FILTER (is_active) AS BUREAU_DAYS_TO_LAST_END
FROM credits
GROUP BY SK_ID_CURR
