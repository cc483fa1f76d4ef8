-- The same credits, month by month: one row per credit and month. The table names the credit only,
-- so the applicant comes from bureau; months of credits that bureau does not list are left out.
-- Result: one row per applicant with at least one month.
--   MONTHS_BALANCE  month relative to the application (0 or below)
--   STATUS          0 on time; 1 to 5 late, from 1-30 days (1) to above 120 days or written off (5);
--                   C closed; X unknown
-- Shares are over the months in which something was owed and known (0 to 5).
WITH months AS (
    SELECT
        bureau.SK_ID_CURR,
        bureau_balance.MONTHS_BALANCE,
        TRY_CAST(bureau_balance.STATUS AS INTEGER) AS lateness
    FROM bureau_balance
    JOIN bureau USING (SK_ID_BUREAU)
)
SELECT
    SK_ID_CURR,
    count(*) AS BUREAU_BALANCE_MONTH_COUNT,
    count(*) FILTER (lateness >= 1) AS BUREAU_BALANCE_LATE_MONTH_COUNT,
    count(*) FILTER (lateness >= 1) / nullif(count(lateness), 0) AS BUREAU_BALANCE_LATE_MONTH_SHARE,
    count(*) FILTER (lateness >= 1 AND MONTHS_BALANCE > -12) AS BUREAU_BALANCE_LATE_MONTHS_LAST_YEAR,
    count(*) FILTER (lateness >= 2) AS BUREAU_BALANCE_LATE_OVER_30_DAYS_COUNT,
    max(lateness) AS BUREAU_BALANCE_WORST_STATUS,
    -max(MONTHS_BALANCE) FILTER (lateness >= 1) AS BUREAU_BALANCE_MONTHS_SINCE_LATE
FROM months
GROUP BY SK_ID_CURR
