-- Earlier applications to this lender, granted or not: one row per application.
-- Result: one row per applicant.
--   DAYS_DECISION  day of the decision, relative to the application of today (below 0)
--   DAYS_LAST_DUE  day of the last payment due; 365243 stands for "not reached yet": the loan is open
--   CNT_PAYMENT    number of payments agreed; 0 on a card, which has no end
-- A share of refusals leaves out what the applicant cancelled or never used: nobody decided there.
WITH applications AS (
    SELECT
        *,
        NAME_CONTRACT_STATUS = 'Approved' AS is_approved,
        NAME_CONTRACT_STATUS = 'Refused' AS is_refused,
        NAME_CONTRACT_STATUS IN ('Approved', 'Refused') AS is_decided
    FROM previous_application
)
SELECT
    SK_ID_CURR,
    count(*) AS PREVIOUS_APPLICATION_COUNT,
    count(*) FILTER (is_approved) AS PREVIOUS_APPROVED_COUNT,
    count(*) FILTER (is_refused) AS PREVIOUS_REFUSED_COUNT,
    count(*) FILTER (is_refused) / nullif(count(*) FILTER (is_decided), 0) AS PREVIOUS_REFUSED_SHARE,
    -max(DAYS_DECISION) AS PREVIOUS_DAYS_SINCE_LAST_APPLICATION,
    -max(DAYS_DECISION) FILTER (is_refused) AS PREVIOUS_DAYS_SINCE_LAST_REFUSAL,
    sum(AMT_CREDIT) FILTER (is_approved AND AMT_APPLICATION > 0)
        / sum(AMT_APPLICATION) FILTER (is_approved AND AMT_APPLICATION > 0)
        AS PREVIOUS_GRANTED_TO_REQUESTED,
    avg(nullif(CNT_PAYMENT, 0)) FILTER (is_approved) AS PREVIOUS_TERM_MEAN,
    avg(RATE_DOWN_PAYMENT) AS PREVIOUS_DOWN_PAYMENT_SHARE_MEAN,
    count(*) FILTER (is_approved AND DAYS_LAST_DUE = 365243) AS PREVIOUS_OPEN_LOAN_COUNT,
    -max(nullif(DAYS_LAST_DUE, 365243)) FILTER (is_approved) AS PREVIOUS_DAYS_SINCE_LAST_DUE
FROM applications
GROUP BY SK_ID_CURR
