-- Payments on past loans of this lender: one row per payment, or per instalment that was not paid.
-- An instalment may be paid in several parts, so the parts are added up first: it is paid when its
-- last part has come in.
-- Result: one row per applicant.
--   DAYS_INSTALMENT     day the instalment was due, relative to the application (below 0)
--   DAYS_ENTRY_PAYMENT  day a part came in; empty when nothing was paid
-- Lateness is in days, 0 when paid on time or early. A cent is forgiven in "underpaid".
WITH instalments AS (
    SELECT
        SK_ID_CURR,
        min(DAYS_INSTALMENT) AS due_day,
        max(AMT_INSTALMENT) AS due_amount,
        coalesce(sum(AMT_PAYMENT), 0) AS paid_amount,
        greatest(max(DAYS_ENTRY_PAYMENT) - min(DAYS_INSTALMENT), 0) AS days_late,
        greatest(min(DAYS_INSTALMENT) - max(DAYS_ENTRY_PAYMENT), 0) AS days_early,
        max(DAYS_ENTRY_PAYMENT) IS NOT NULL AS is_paid
    FROM installments_payments
    GROUP BY SK_ID_CURR, SK_ID_PREV, NUM_INSTALMENT_VERSION, NUM_INSTALMENT_NUMBER
)
SELECT
    SK_ID_CURR,
    count(*) AS INSTALMENT_COUNT,
    count(*) FILTER (is_paid AND days_late > 0) / nullif(count(*) FILTER (is_paid), 0)
        AS INSTALMENT_LATE_SHARE,
    count(*) FILTER (is_paid AND days_late > 0 AND due_day >= -365)
        / nullif(count(*) FILTER (is_paid AND due_day >= -365), 0)
        AS INSTALMENT_LATE_SHARE_LAST_YEAR,
    avg(days_late) FILTER (is_paid) AS INSTALMENT_DAYS_LATE_MEAN,
    max(days_late) FILTER (is_paid) AS INSTALMENT_DAYS_LATE_MAX,
    avg(days_early) FILTER (is_paid) AS INSTALMENT_DAYS_EARLY_MEAN,
    avg((paid_amount < due_amount - 0.01)::INTEGER) AS INSTALMENT_UNDERPAID_SHARE,
    sum(paid_amount) / nullif(sum(due_amount), 0) AS INSTALMENT_PAID_TO_DUE,
    -max(due_day) FILTER (is_paid AND days_late > 0) AS INSTALMENT_DAYS_SINCE_LATE
FROM instalments
GROUP BY SK_ID_CURR
