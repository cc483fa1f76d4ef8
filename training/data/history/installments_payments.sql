-- Payments on past loans of this lender: one row per payment, or per instalment that was not paid.
-- An instalment may be paid in several parts, so the parts are added up first: it is paid when its
-- last part has come in.
-- Result: one row per applicant.
--   DAYS_INSTALMENT         day the instalment was due, relative to the application (below 0)
--   DAYS_ENTRY_PAYMENT      day a part came in; empty when nothing was paid
--   NUM_INSTALMENT_VERSION  0 on a card; otherwise the version of the payment calendar
-- Lateness is in days, 0 when paid on time or early; a delay is below 0 when paid early. A cent is
-- forgiven in "underpaid". A trend is the last year against the whole.
WITH sums AS (
    SELECT
        SK_ID_CURR,
        SK_ID_PREV,
        NUM_INSTALMENT_VERSION,
        NUM_INSTALMENT_NUMBER,
        min(DAYS_INSTALMENT) AS due_day,
        max(AMT_INSTALMENT) AS due_amount,
        coalesce(sum(AMT_PAYMENT), 0) AS paid_amount,
        max(DAYS_ENTRY_PAYMENT) AS paid_day,
        count(DAYS_ENTRY_PAYMENT) AS parts
    FROM installments_payments
    GROUP BY SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER
),
instalments AS (
    SELECT
        *,
        paid_day IS NOT NULL AS is_paid,
        paid_day - due_day AS delay,
        CASE WHEN paid_day IS NOT NULL THEN greatest(paid_day - due_day, 0) END AS days_late,
        CASE WHEN paid_day IS NOT NULL THEN greatest(due_day - paid_day, 0) END AS days_early,
        paid_day > due_day AS is_late,
        paid_amount < due_amount - 0.01 AS is_underpaid,
        greatest(due_amount - paid_amount, 0) AS shortfall,
        NUM_INSTALMENT_VERSION = 0 AS is_card,
        due_day >= -90 AS in_last_3_months,
        due_day >= -180 AS in_last_6_months,
        due_day >= -365 AS in_last_year,
        due_day >= -730 AS in_last_2_years
    FROM sums
),
totals AS (
    SELECT
        SK_ID_CURR,
        count(*) AS INSTALMENT_COUNT,
        count_where(in_last_year) AS INSTALMENTS_LAST_YEAR,
        -min(due_day) AS INSTALMENT_DAYS_SINCE_FIRST,
        -max(due_day) AS INSTALMENT_DAYS_SINCE_LAST,

        -- How often late.
        count_where(is_late) AS INSTALMENT_LATE_COUNT,
        ratio(count_where(is_late), count_where(is_paid)) AS INSTALMENT_LATE_SHARE,
        ratio(count_where(is_late AND in_last_3_months), count_where(is_paid AND in_last_3_months))
            AS INSTALMENT_LATE_SHARE_LAST_3_MONTHS,
        ratio(count_where(is_late AND in_last_6_months), count_where(is_paid AND in_last_6_months))
            AS INSTALMENT_LATE_SHARE_LAST_6_MONTHS,
        ratio(count_where(is_late AND in_last_year), count_where(is_paid AND in_last_year))
            AS INSTALMENT_LATE_SHARE_LAST_YEAR,
        ratio(count_where(is_late AND in_last_2_years), count_where(is_paid AND in_last_2_years))
            AS INSTALMENT_LATE_SHARE_LAST_2_YEARS,
        INSTALMENT_LATE_SHARE_LAST_YEAR - INSTALMENT_LATE_SHARE AS INSTALMENT_LATE_SHARE_TREND,
        ratio(count_where(days_late > 7), count_where(is_paid))
            AS INSTALMENT_LATE_OVER_7_DAYS_SHARE,
        count_where(days_late > 30) AS INSTALMENT_LATE_OVER_30_DAYS_COUNT,
        ratio(count_where(is_late AND is_card), count_where(is_paid AND is_card))
            AS INSTALMENT_CARD_LATE_SHARE,
        ratio(count_where(is_late AND NOT is_card), count_where(is_paid AND NOT is_card))
            AS INSTALMENT_LOAN_LATE_SHARE,
        ratio(coalesce(sum(due_amount) FILTER (is_late), 0), sum(due_amount) FILTER (is_paid))
            AS INSTALMENT_LATE_AMOUNT_SHARE,
        -max(due_day) FILTER (is_late) AS INSTALMENT_DAYS_SINCE_LATE,

        -- How late or early.
        avg(days_late) AS INSTALMENT_DAYS_LATE_MEAN,
        avg(days_late) FILTER (in_last_6_months) AS INSTALMENT_DAYS_LATE_MEAN_LAST_6_MONTHS,
        avg(days_late) FILTER (in_last_year) AS INSTALMENT_DAYS_LATE_MEAN_LAST_YEAR,
        avg(days_late) FILTER (is_late) AS INSTALMENT_DAYS_LATE_MEAN_WHEN_LATE,
        max(days_late) AS INSTALMENT_DAYS_LATE_MAX,
        max(days_late) FILTER (in_last_year) AS INSTALMENT_DAYS_LATE_MAX_LAST_YEAR,
        avg(delay) AS INSTALMENT_DELAY_MEAN,
        avg(delay) FILTER (in_last_year) - avg(delay) AS INSTALMENT_DELAY_TREND,
        CASE
            WHEN max(due_day) - min(due_day) FILTER (in_last_2_years) >= 180
            THEN 365 * slope(delay, due_day, in_last_2_years)
        END AS INSTALMENT_DELAY_SLOPE_LAST_2_YEARS,
        avg(days_early) AS INSTALMENT_DAYS_EARLY_MEAN,
        avg(days_early) FILTER (in_last_year) AS INSTALMENT_DAYS_EARLY_MEAN_LAST_YEAR,
        ratio(count_where(days_early > 0), count_where(is_paid)) AS INSTALMENT_EARLY_SHARE,
        ratio(count_where(days_early > 14), count_where(is_paid))
            AS INSTALMENT_EARLY_OVER_14_DAYS_SHARE,

        -- How much.
        avg(due_amount) AS INSTALMENT_AMOUNT_MEAN,
        max(due_amount) AS INSTALMENT_AMOUNT_MAX,
        avg(due_amount) FILTER (in_last_year) AS INSTALMENT_AMOUNT_MEAN_LAST_YEAR,
        sum(paid_amount) AS INSTALMENT_PAID_TOTAL,
        avg(is_underpaid::INTEGER) AS INSTALMENT_UNDERPAID_SHARE,
        avg(is_underpaid::INTEGER) FILTER (in_last_year) AS INSTALMENT_UNDERPAID_SHARE_LAST_YEAR,
        sum(shortfall) AS INSTALMENT_SHORTFALL_TOTAL,
        -max(due_day) FILTER (is_underpaid) AS INSTALMENT_DAYS_SINCE_UNDERPAID,
        ratio(sum(paid_amount), sum(due_amount)) AS INSTALMENT_PAID_TO_DUE,
        ratio(sum(paid_amount) FILTER (in_last_year), sum(due_amount) FILTER (in_last_year))
            AS INSTALMENT_PAID_TO_DUE_LAST_YEAR,
        ratio(count_where(parts > 1), count_where(is_paid)) AS INSTALMENT_IN_PARTS_SHARE
    FROM instalments
    GROUP BY SK_ID_CURR
),
loans AS (
    SELECT
        SK_ID_CURR,
        SK_ID_PREV,
        min(DAYS_INSTALMENT) AS first_due,
        max(NUM_INSTALMENT_VERSION) AS last_version,
        bool_or(DAYS_ENTRY_PAYMENT > DAYS_INSTALMENT) AS was_late,
        max(DAYS_ENTRY_PAYMENT - DAYS_INSTALMENT) AS longest_delay,
        max(DAYS_ENTRY_PAYMENT - DAYS_INSTALMENT) FILTER (NUM_INSTALMENT_NUMBER = 1) AS first_delay
    FROM installments_payments
    GROUP BY SK_ID_CURR, SK_ID_PREV
),
borrowers AS (
    SELECT
        SK_ID_CURR,
        count(*) AS INSTALMENT_LOAN_COUNT,
        ratio(count_where(was_late), count(*)) AS INSTALMENT_LATE_LOAN_SHARE,
        ratio(count_where(first_delay > 0), count(first_delay)) AS INSTALMENT_FIRST_LATE_SHARE,
        count_where(last_version > 1) AS INSTALMENT_RESCHEDULED_LOAN_COUNT,
        arg_max(longest_delay, (first_due, SK_ID_PREV)) AS INSTALMENT_LAST_LOAN_DELAY_MAX
    FROM loans
    GROUP BY SK_ID_CURR
)
SELECT *
FROM totals
JOIN borrowers USING (SK_ID_CURR)
