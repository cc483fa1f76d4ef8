-- Instalment loans of this lender (in shops, in cash), month by month: one row per loan and month.
-- Result: one row per applicant. The months are counted by loan first, then the loans by applicant.
--   MONTHS_BALANCE         month relative to the application (below 0)
--   CNT_INSTALMENT         payments agreed, as the contract stood in that month
--   CNT_INSTALMENT_FUTURE  payments left on the loan in that month
--   SK_DPD_DEF             days past due, small sums forgiven; SK_DPD counts them all
-- Should a loan have two rows of one month, the one with fewer payments left is the later.
WITH months AS (
    SELECT *, MONTHS_BALANCE * 1000 - coalesce(CNT_INSTALMENT_FUTURE, 999) AS place
    FROM pos_cash_balance
),
loans AS (
    SELECT
        SK_ID_CURR,
        SK_ID_PREV,
        count(*) AS month_count,
        min(MONTHS_BALANCE) AS first_month,
        max(MONTHS_BALANCE) AS last_month,
        latest(NAME_CONTRACT_STATUS, place) AS final_status,
        latest(CNT_INSTALMENT, place) AS term,
        max(CNT_INSTALMENT) AS longest_term,
        latest(CNT_INSTALMENT_FUTURE, place) AS instalments_left,

        count(SK_DPD_DEF) AS known,
        count(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -12) AS known_last_year,
        count(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -24) AS known_last_2_years,
        count_where(SK_DPD_DEF > 0) AS late,
        count_where(SK_DPD_DEF > 0 AND MONTHS_BALANCE >= -6) AS late_last_6_months,
        count_where(SK_DPD_DEF > 0 AND MONTHS_BALANCE >= -12) AS late_last_year,
        count_where(SK_DPD_DEF > 0 AND MONTHS_BALANCE >= -24) AS late_last_2_years,
        count_where(SK_DPD > 0) AS late_by_any_sum,
        sum(SK_DPD_DEF) AS days,
        sum(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -12) AS days_last_year,
        max(SK_DPD_DEF) AS most_days,
        max(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -12) AS most_days_last_year,
        max(SK_DPD_DEF) FILTER (MONTHS_BALANCE >= -24) AS most_days_last_2_years,
        max(SK_DPD) AS most_days_by_any_sum,
        max(MONTHS_BALANCE) FILTER (SK_DPD_DEF > 0) AS last_late_month
    FROM months
    GROUP BY SK_ID_CURR, SK_ID_PREV
)
SELECT
    SK_ID_CURR,
    sum(month_count) AS POS_MONTH_COUNT,
    -min(first_month) AS POS_MONTHS_SINCE_FIRST,
    -max(last_month) AS POS_MONTHS_SINCE_LAST,

    -- The loans and how they ended.
    count(*) AS POS_LOAN_COUNT,
    avg(month_count) AS POS_MONTHS_PER_LOAN,
    count_where(final_status = 'Active') AS POS_ACTIVE_LOAN_COUNT,
    count_where(final_status = 'Completed') AS POS_COMPLETED_LOAN_COUNT,
    count_where(first_month >= -12) AS POS_LOANS_BEGUN_LAST_YEAR,
    ratio(
        count_where(term < longest_term AND final_status = 'Completed'),
        count_where(term IS NOT NULL AND final_status = 'Completed')
    ) AS POS_ENDED_EARLY_SHARE,

    -- Payments agreed and payments left.
    avg(longest_term) AS POS_TERM_MEAN,
    coalesce(sum(instalments_left) FILTER (final_status = 'Active'), 0) AS POS_INSTALMENTS_LEFT,
    ratio(
        sum(instalments_left) FILTER (final_status = 'Active' AND term > 0),
        sum(term) FILTER (final_status = 'Active' AND instalments_left IS NOT NULL)
    ) AS POS_INSTALMENTS_LEFT_SHARE,

    -- Late months.
    sum(late) AS POS_LATE_MONTH_COUNT,
    sum(late_last_6_months) AS POS_LATE_MONTHS_LAST_6_MONTHS,
    sum(late_last_year) AS POS_LATE_MONTHS_LAST_YEAR,
    ratio(sum(late), sum(known)) AS POS_LATE_MONTH_SHARE,
    ratio(sum(late_last_year), sum(known_last_year)) AS POS_LATE_MONTH_SHARE_LAST_YEAR,
    ratio(sum(late_last_2_years), sum(known_last_2_years)) AS POS_LATE_MONTH_SHARE_LAST_2_YEARS,
    POS_LATE_MONTH_SHARE_LAST_YEAR - POS_LATE_MONTH_SHARE AS POS_LATE_MONTH_SHARE_TREND,
    ratio(sum(late_by_any_sum), sum(known)) AS POS_LATE_BY_ANY_SUM_SHARE,
    ratio(count_where(late > 0), count(*)) AS POS_LATE_LOAN_SHARE,
    -max(last_late_month) AS POS_MONTHS_SINCE_LATE,

    -- Days past due.
    sum(days) / nullif(sum(known), 0) AS POS_DAYS_PAST_DUE_MEAN,
    sum(days_last_year) / nullif(sum(known_last_year), 0) AS POS_DAYS_PAST_DUE_MEAN_LAST_YEAR,
    max(most_days) AS POS_DAYS_PAST_DUE_MAX,
    max(most_days_last_year) AS POS_DAYS_PAST_DUE_MAX_LAST_YEAR,
    max(most_days_last_2_years) AS POS_DAYS_PAST_DUE_MAX_LAST_2_YEARS,
    max(most_days_by_any_sum) AS POS_DAYS_PAST_DUE_MAX_BY_ANY_SUM,
    arg_max(most_days, (first_month, SK_ID_PREV)) AS POS_LAST_LOAN_DAYS_PAST_DUE_MAX
FROM loans
GROUP BY SK_ID_CURR
