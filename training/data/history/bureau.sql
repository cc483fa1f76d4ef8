-- Credits at other lenders, as the credit bureau reports them: one row per credit.
-- Result: one row per applicant.
--   DAYS_CREDIT          day the credit was asked for, relative to the application (0 or below)
--   DAYS_CREDIT_ENDDATE  day it should end; below 0 when that day has passed
--   DAYS_ENDDATE_FACT    day it did end, of closed credits
--   AMT_CREDIT_SUM_DEBT  what is still owed; empty when the bureau does not know
-- A ratio is one of sums, over the credits of which both sides are known, so that one tiny credit
-- cannot make it explode.
WITH credits AS (
    SELECT
        *,
        CREDIT_ACTIVE = 'Active' AS is_active,
        CREDIT_ACTIVE = 'Closed' AS is_closed,
        CREDIT_ACTIVE IN ('Sold', 'Bad debt') AS is_lost,
        CREDIT_TYPE = 'Consumer credit' AS is_consumer,
        CREDIT_TYPE = 'Credit card' AS is_card,
        CREDIT_TYPE = 'Mortgage' AS is_mortgage,
        CREDIT_TYPE = 'Car loan' AS is_car_loan,
        CREDIT_TYPE = 'Microloan' AS is_microloan,
        AMT_CREDIT_SUM_DEBT IS NOT NULL AND AMT_CREDIT_SUM > 0 AS has_ratio,
        AMT_CREDIT_SUM_DEBT >= 0 AND AMT_CREDIT_SUM_LIMIT >= 0 AS has_limit,
        AMT_CREDIT_SUM_OVERDUE > 0 OR CREDIT_DAY_OVERDUE > 0 AS is_overdue,
        DAYS_CREDIT_ENDDATE - DAYS_CREDIT AS term,
        DAYS_CREDIT_ENDDATE - DAYS_ENDDATE_FACT AS days_early
    FROM bureau
)
SELECT
    SK_ID_CURR,

    -- How many, of which state and type.
    count(*) AS BUREAU_CREDIT_COUNT,
    count_where(is_active) AS BUREAU_ACTIVE_CREDIT_COUNT,
    count_where(is_closed) AS BUREAU_CLOSED_CREDIT_COUNT,
    count_where(is_lost) AS BUREAU_LOST_CREDIT_COUNT,
    ratio(BUREAU_ACTIVE_CREDIT_COUNT, BUREAU_CREDIT_COUNT) AS BUREAU_ACTIVE_CREDIT_SHARE,
    count_where(is_consumer) AS BUREAU_CONSUMER_CREDIT_COUNT,
    count_where(is_card) AS BUREAU_CARD_COUNT,
    count_where(is_mortgage) AS BUREAU_MORTGAGE_COUNT,
    count_where(is_car_loan) AS BUREAU_CAR_LOAN_COUNT,
    count_where(is_microloan) AS BUREAU_MICROLOAN_COUNT,
    (BUREAU_CONSUMER_CREDIT_COUNT > 0)::INTEGER + (BUREAU_CARD_COUNT > 0)::INTEGER
        + (BUREAU_MORTGAGE_COUNT > 0)::INTEGER + (BUREAU_CAR_LOAN_COUNT > 0)::INTEGER
        + (BUREAU_MICROLOAN_COUNT > 0)::INTEGER AS BUREAU_CREDIT_TYPE_COUNT,
    count_where(is_active AND is_consumer) AS BUREAU_ACTIVE_CONSUMER_CREDIT_COUNT,
    count_where(is_active AND is_card) AS BUREAU_ACTIVE_CARD_COUNT,
    count_where(is_active AND is_microloan) AS BUREAU_ACTIVE_MICROLOAN_COUNT,

    -- When they were asked for.
    count_where(DAYS_CREDIT >= -90) AS BUREAU_CREDITS_LAST_3_MONTHS,
    count_where(DAYS_CREDIT >= -180) AS BUREAU_CREDITS_LAST_6_MONTHS,
    count_where(DAYS_CREDIT >= -365) AS BUREAU_CREDITS_LAST_YEAR,
    count_where(DAYS_CREDIT >= -730) AS BUREAU_CREDITS_LAST_2_YEARS,
    ratio(BUREAU_CREDITS_LAST_YEAR, BUREAU_CREDIT_COUNT) AS BUREAU_CREDIT_SHARE_LAST_YEAR,
    -max(DAYS_CREDIT) AS BUREAU_DAYS_SINCE_LAST_CREDIT,
    -min(DAYS_CREDIT) AS BUREAU_DAYS_SINCE_FIRST_CREDIT,
    -max(DAYS_CREDIT) FILTER (is_active) AS BUREAU_DAYS_SINCE_LAST_ACTIVE_CREDIT,
    -min(DAYS_CREDIT) FILTER (is_active) AS BUREAU_DAYS_SINCE_FIRST_ACTIVE_CREDIT,
    -max(DAYS_CREDIT) FILTER (is_consumer) AS BUREAU_DAYS_SINCE_LAST_CONSUMER_CREDIT,
    -max(DAYS_CREDIT) FILTER (is_card) AS BUREAU_DAYS_SINCE_LAST_CARD,
    -avg(DAYS_CREDIT) AS BUREAU_CREDIT_AGE_MEAN,
    -avg(DAYS_CREDIT) FILTER (is_active) AS BUREAU_ACTIVE_CREDIT_AGE_MEAN,
    -avg(DAYS_CREDIT) FILTER (is_closed) AS BUREAU_CLOSED_CREDIT_AGE_MEAN,
    (max(DAYS_CREDIT) - min(DAYS_CREDIT)) / nullif(count(*) - 1, 0)
        AS BUREAU_DAYS_BETWEEN_CREDITS_MEAN,
    -max(DAYS_CREDIT_UPDATE) AS BUREAU_DAYS_SINCE_UPDATE,
    -avg(DAYS_CREDIT_UPDATE) FILTER (is_active) AS BUREAU_ACTIVE_UPDATE_AGE_MEAN,

    -- When they end or ended.
    max(DAYS_CREDIT_ENDDATE) FILTER (is_active) AS BUREAU_DAYS_TO_LAST_END,
    avg(DAYS_CREDIT_ENDDATE) FILTER (is_active AND DAYS_CREDIT_ENDDATE >= 0 AND NOT is_card)
        AS BUREAU_DAYS_TO_END_MEAN,
    count_where(is_active AND DAYS_CREDIT_ENDDATE < 0) AS BUREAU_ACTIVE_PAST_END_COUNT,
    count_where(is_active AND DAYS_CREDIT_ENDDATE IS NULL) AS BUREAU_ACTIVE_WITHOUT_END_COUNT,
    avg(term) FILTER (is_consumer) AS BUREAU_CONSUMER_TERM_MEAN,
    -max(DAYS_ENDDATE_FACT) FILTER (is_closed) AS BUREAU_DAYS_SINCE_LAST_CLOSURE,
    avg(days_early) FILTER (is_closed AND is_consumer) AS BUREAU_DAYS_CLOSED_EARLY_MEAN,

    -- Amounts lent.
    sum(AMT_CREDIT_SUM) AS BUREAU_CREDIT_TOTAL,
    avg(AMT_CREDIT_SUM) AS BUREAU_CREDIT_AMOUNT_MEAN,
    max(AMT_CREDIT_SUM) AS BUREAU_CREDIT_AMOUNT_MAX,
    latest(AMT_CREDIT_SUM, DAYS_CREDIT) AS BUREAU_LAST_CREDIT_AMOUNT,
    sum(AMT_CREDIT_SUM) FILTER (is_active) AS BUREAU_ACTIVE_CREDIT_TOTAL,
    sum(AMT_CREDIT_SUM) FILTER (is_closed) AS BUREAU_CLOSED_CREDIT_TOTAL,
    sum(AMT_CREDIT_SUM) FILTER (DAYS_CREDIT >= -365) AS BUREAU_CREDIT_TOTAL_LAST_YEAR,
    ratio(avg(AMT_CREDIT_SUM) FILTER (DAYS_CREDIT >= -730), BUREAU_CREDIT_AMOUNT_MEAN)
        AS BUREAU_CREDIT_AMOUNT_TREND,

    -- What is still owed.
    sum(AMT_CREDIT_SUM_DEBT) AS BUREAU_DEBT_TOTAL,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active) AS BUREAU_ACTIVE_DEBT_TOTAL,
    max(AMT_CREDIT_SUM_DEBT) FILTER (is_active) AS BUREAU_ACTIVE_DEBT_MAX,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_consumer) AS BUREAU_CONSUMER_DEBT_TOTAL,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_card) AS BUREAU_CARD_DEBT_TOTAL,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_mortgage) AS BUREAU_MORTGAGE_DEBT_TOTAL,
    sum(AMT_CREDIT_SUM_DEBT) FILTER (DAYS_CREDIT >= -365) AS BUREAU_DEBT_OF_LAST_YEAR_CREDITS,
    ratio(
        sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND has_ratio),
        sum(AMT_CREDIT_SUM) FILTER (is_active AND has_ratio)
    ) AS BUREAU_ACTIVE_DEBT_TO_CREDIT,
    ratio(sum(AMT_CREDIT_SUM_DEBT) FILTER (has_ratio), sum(AMT_CREDIT_SUM) FILTER (has_ratio))
        AS BUREAU_DEBT_TO_CREDIT,
    ratio(
        sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_consumer AND has_ratio),
        sum(AMT_CREDIT_SUM) FILTER (is_active AND is_consumer AND has_ratio)
    ) AS BUREAU_CONSUMER_DEBT_TO_CREDIT,
    ratio(
        sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_card AND has_ratio),
        sum(AMT_CREDIT_SUM) FILTER (is_active AND is_card AND has_ratio)
    ) AS BUREAU_CARD_DEBT_TO_CREDIT,
    sum(AMT_CREDIT_SUM_LIMIT) FILTER (is_active AND is_card) AS BUREAU_CARD_LIMIT_LEFT_TOTAL,
    ratio(
        sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND is_card AND has_limit),
        sum(AMT_CREDIT_SUM_DEBT + AMT_CREDIT_SUM_LIMIT) FILTER (is_active AND is_card AND has_limit)
    ) AS BUREAU_CARD_UTILISATION,
    sum(AMT_ANNUITY) FILTER (is_active) AS BUREAU_ANNUITY_TOTAL,
    ratio(
        sum(AMT_CREDIT_SUM_DEBT) FILTER (is_active AND AMT_ANNUITY > 0),
        sum(AMT_ANNUITY) FILTER (is_active AND AMT_CREDIT_SUM_DEBT IS NOT NULL)
    ) AS BUREAU_DEBT_TO_ANNUITY,

    -- What is or was overdue, and credits prolonged because they could not be paid in time.
    count_where(is_overdue) AS BUREAU_OVERDUE_CREDIT_COUNT,
    sum(AMT_CREDIT_SUM_OVERDUE) AS BUREAU_OVERDUE_TOTAL,
    max(CREDIT_DAY_OVERDUE) AS BUREAU_DAYS_OVERDUE_MAX,
    count_where(AMT_CREDIT_MAX_OVERDUE > 0) AS BUREAU_EVER_OVERDUE_COUNT,
    ratio(BUREAU_EVER_OVERDUE_COUNT, count(AMT_CREDIT_MAX_OVERDUE)) AS BUREAU_EVER_OVERDUE_SHARE,
    max(AMT_CREDIT_MAX_OVERDUE) AS BUREAU_WORST_OVERDUE,
    max(AMT_CREDIT_MAX_OVERDUE) FILTER (DAYS_CREDIT >= -730) AS BUREAU_WORST_OVERDUE_LAST_2_YEARS,
    ratio(
        sum(AMT_CREDIT_MAX_OVERDUE) FILTER (AMT_CREDIT_SUM > 0),
        sum(AMT_CREDIT_SUM) FILTER (AMT_CREDIT_MAX_OVERDUE IS NOT NULL)
    ) AS BUREAU_WORST_OVERDUE_TO_CREDIT,
    sum(CNT_CREDIT_PROLONG) AS BUREAU_PROLONGATION_COUNT
FROM credits
GROUP BY SK_ID_CURR
