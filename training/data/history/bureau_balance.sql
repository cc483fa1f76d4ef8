-- The same credits, month by month: one row per credit and month. The table names the credit only,
-- so the applicant comes from bureau; months of credits that bureau does not list are left out.
-- Result: one row per applicant with at least one month.
--   MONTHS_BALANCE  month relative to the application (0 or below)
--   STATUS          0 on time; 1 to 5 late, from 1-30 days (1) to above 120 days or written off
--                   (5); C closed; X unknown
-- Shares are over the months in which something was owed and known (0 to 5). The months are counted
-- by credit first, so that only one row per credit is joined.
WITH months AS (
    SELECT
        *,
        -- Three times as fast as a cast.
        CASE WHEN STATUS BETWEEN '0' AND '5' THEN ascii(STATUS) - ascii('0') END AS lateness
    FROM bureau_balance
),
credits AS (
    SELECT
        SK_ID_BUREAU,
        count(*) AS month_count,
        count_where(STATUS = 'X') AS unknown,
        min(MONTHS_BALANCE) AS first_month,
        latest(STATUS, MONTHS_BALANCE) AS last_status,
        count(lateness) AS known,
        count(lateness) FILTER (MONTHS_BALANCE > -12) AS known_last_year,
        sum(lateness) AS lateness,
        sum(lateness) FILTER (MONTHS_BALANCE > -12) AS lateness_last_year,
        count_where(lateness >= 1) AS late,
        count_where(lateness >= 1 AND MONTHS_BALANCE > -3) AS late_last_3_months,
        count_where(lateness >= 1 AND MONTHS_BALANCE > -6) AS late_last_6_months,
        count_where(lateness >= 1 AND MONTHS_BALANCE > -12) AS late_last_year,
        count_where(lateness >= 1 AND MONTHS_BALANCE > -24) AS late_last_2_years,
        count_where(lateness >= 2) AS late_over_30_days,
        max(lateness) AS worst,
        max(lateness) FILTER (MONTHS_BALANCE > -12) AS worst_last_year,
        max(MONTHS_BALANCE) FILTER (lateness >= 1) AS last_late_month,
        max(MONTHS_BALANCE) FILTER (lateness >= 2) AS last_month_over_30_days
    FROM months
    GROUP BY SK_ID_BUREAU
)
SELECT
    SK_ID_CURR,
    sum(month_count) AS BUREAU_BALANCE_MONTH_COUNT,
    count(*) AS BUREAU_BALANCE_CREDIT_COUNT,
    avg(month_count) AS BUREAU_BALANCE_MONTHS_PER_CREDIT,
    -min(first_month) AS BUREAU_BALANCE_MONTHS_SINCE_FIRST,
    ratio(sum(unknown), sum(month_count)) AS BUREAU_BALANCE_UNKNOWN_MONTH_SHARE,
    ratio(count_where(last_status = 'C'), count(*)) AS BUREAU_BALANCE_CLOSED_CREDIT_SHARE,

    -- Late months, and their share of the months with something owed.
    sum(late) AS BUREAU_BALANCE_LATE_MONTH_COUNT,
    sum(late_last_3_months) AS BUREAU_BALANCE_LATE_MONTHS_LAST_3_MONTHS,
    sum(late_last_6_months) AS BUREAU_BALANCE_LATE_MONTHS_LAST_6_MONTHS,
    sum(late_last_year) AS BUREAU_BALANCE_LATE_MONTHS_LAST_YEAR,
    sum(late_last_2_years) AS BUREAU_BALANCE_LATE_MONTHS_LAST_2_YEARS,
    sum(late) FILTER (CREDIT_ACTIVE = 'Active') AS BUREAU_BALANCE_ACTIVE_LATE_MONTH_COUNT,
    ratio(sum(late), sum(known)) AS BUREAU_BALANCE_LATE_MONTH_SHARE,
    ratio(sum(late_last_year), sum(known_last_year)) AS BUREAU_BALANCE_LATE_MONTH_SHARE_LAST_YEAR,
    BUREAU_BALANCE_LATE_MONTH_SHARE_LAST_YEAR - BUREAU_BALANCE_LATE_MONTH_SHARE
        AS BUREAU_BALANCE_LATE_MONTH_SHARE_TREND,
    ratio(
        sum(late) FILTER (CREDIT_TYPE = 'Credit card'),
        sum(known) FILTER (CREDIT_TYPE = 'Credit card')
    ) AS BUREAU_BALANCE_CARD_LATE_MONTH_SHARE,
    ratio(
        sum(late) FILTER (CREDIT_TYPE = 'Consumer credit'),
        sum(known) FILTER (CREDIT_TYPE = 'Consumer credit')
    ) AS BUREAU_BALANCE_CONSUMER_LATE_MONTH_SHARE,
    ratio(count_where(late > 0), count(*)) AS BUREAU_BALANCE_LATE_CREDIT_SHARE,

    -- How late.
    sum(late_over_30_days) AS BUREAU_BALANCE_LATE_OVER_30_DAYS_COUNT,
    max(worst) AS BUREAU_BALANCE_WORST_STATUS,
    max(worst_last_year) AS BUREAU_BALANCE_WORST_STATUS_LAST_YEAR,
    max(TRY_CAST(last_status AS INTEGER)) AS BUREAU_BALANCE_LAST_STATUS,
    ratio(sum(lateness), sum(known)) AS BUREAU_BALANCE_LATENESS_MEAN,
    ratio(sum(lateness_last_year), sum(known_last_year)) AS BUREAU_BALANCE_LATENESS_MEAN_LAST_YEAR,
    -max(last_late_month) AS BUREAU_BALANCE_MONTHS_SINCE_LATE,
    -max(last_month_over_30_days) AS BUREAU_BALANCE_MONTHS_SINCE_OVER_30_DAYS
FROM credits
JOIN bureau USING (SK_ID_BUREAU)
GROUP BY SK_ID_CURR
