-- Earlier applications to this lender, granted or not: one row per application.
-- Result: one row per applicant.
--   DAYS_DECISION    day of the decision, relative to the application of today (below 0)
--   DAYS_LAST_DUE    day of the last payment due; 365243 stands for "not reached yet": the loan is
--                    open. DAYS_LAST_DUE_1ST_VERSION is the day that was agreed at first, which may
--                    lie ahead; a card has none (365243)
--   CNT_PAYMENT      number of monthly payments agreed; 0 on a card, which has no end
--   AMT_APPLICATION  amount asked for, 0 when the applicant gave up before naming one
-- A share of refusals leaves out what the applicant cancelled or never used: nobody decided there.
-- Interest is what all payments exceed the credit by. Over a year, it is charged on the half of the
-- credit that is owed on average: 24 * interest / (credit * (payments + 1)), as a ratio of sums.
WITH applications AS (
    SELECT
        *,
        NAME_CONTRACT_STATUS = 'Approved' AS is_approved,
        NAME_CONTRACT_STATUS = 'Refused' AS is_refused,
        NAME_CONTRACT_STATUS = 'Canceled' AS is_cancelled,
        NAME_CONTRACT_STATUS IN ('Approved', 'Refused') AS is_decided,
        NAME_CONTRACT_TYPE = 'Cash loans' AS is_cash,
        NAME_CONTRACT_TYPE = 'Consumer loans' AS is_consumer,
        NAME_CONTRACT_TYPE = 'Revolving loans' AS is_card,
        DAYS_LAST_DUE > 0 AS is_open,
        DAYS_LAST_DUE <= 0 AS is_finished,
        nullif(DAYS_LAST_DUE_1ST_VERSION, 365243) AS agreed_end,
        AMT_APPLICATION > 0 AND AMT_CREDIT IS NOT NULL AS names_amount,
        CASE WHEN CNT_PAYMENT > 0 AND AMT_CREDIT > 0 THEN AMT_ANNUITY * CNT_PAYMENT - AMT_CREDIT END
            AS interest,
        AMT_CREDIT * (CNT_PAYMENT + 1) AS credit_months,
        row_number() OVER (PARTITION BY SK_ID_CURR ORDER BY DAYS_DECISION DESC, SK_ID_PREV DESC)
            AS recency
    FROM previous_application
)
SELECT
    SK_ID_CURR,

    -- How many, with which outcome, of which type.
    count(*) AS PREVIOUS_APPLICATION_COUNT,
    count_where(is_approved) AS PREVIOUS_APPROVED_COUNT,
    count_where(is_refused) AS PREVIOUS_REFUSED_COUNT,
    count_where(is_cancelled) AS PREVIOUS_CANCELLED_COUNT,
    count_where(NAME_CONTRACT_STATUS = 'Unused offer') AS PREVIOUS_UNUSED_OFFER_COUNT,
    ratio(PREVIOUS_APPROVED_COUNT, count(*)) AS PREVIOUS_APPROVED_SHARE,
    ratio(PREVIOUS_REFUSED_COUNT, count_where(is_decided)) AS PREVIOUS_REFUSED_SHARE,
    count_where(is_cash) AS PREVIOUS_CASH_COUNT,
    count_where(is_consumer) AS PREVIOUS_CONSUMER_COUNT,
    count_where(is_card) AS PREVIOUS_CARD_COUNT,
    count_where(is_cash AND is_refused) AS PREVIOUS_CASH_REFUSED_COUNT,
    count_where(is_consumer AND is_refused) AS PREVIOUS_CONSUMER_REFUSED_COUNT,
    count_where(is_card AND is_refused) AS PREVIOUS_CARD_REFUSED_COUNT,
    count_where(CODE_REJECT_REASON = 'HC') AS PREVIOUS_REFUSED_FOR_HC_COUNT,
    count_where(CODE_REJECT_REASON = 'LIMIT') AS PREVIOUS_REFUSED_FOR_LIMIT_COUNT,
    count_where(CODE_REJECT_REASON IN ('SCO', 'SCOFR')) AS PREVIOUS_REFUSED_FOR_SCORE_COUNT,

    -- When.
    count_where(DAYS_DECISION >= -90) AS PREVIOUS_APPLICATIONS_LAST_3_MONTHS,
    count_where(DAYS_DECISION >= -180) AS PREVIOUS_APPLICATIONS_LAST_6_MONTHS,
    count_where(DAYS_DECISION >= -365) AS PREVIOUS_APPLICATIONS_LAST_YEAR,
    count_where(DAYS_DECISION >= -730) AS PREVIOUS_APPLICATIONS_LAST_2_YEARS,
    count_where(is_approved AND DAYS_DECISION >= -365) AS PREVIOUS_APPROVALS_LAST_YEAR,
    count_where(is_refused AND DAYS_DECISION >= -180) AS PREVIOUS_REFUSALS_LAST_6_MONTHS,
    count_where(is_refused AND DAYS_DECISION >= -365) AS PREVIOUS_REFUSALS_LAST_YEAR,
    ratio(PREVIOUS_REFUSALS_LAST_YEAR, count_where(is_decided AND DAYS_DECISION >= -365))
        AS PREVIOUS_REFUSED_SHARE_LAST_YEAR,
    ratio(
        count_where(is_refused AND DAYS_DECISION >= -730),
        count_where(is_decided AND DAYS_DECISION >= -730)
    ) AS PREVIOUS_REFUSED_SHARE_LAST_2_YEARS,
    PREVIOUS_REFUSED_SHARE_LAST_YEAR - PREVIOUS_REFUSED_SHARE AS PREVIOUS_REFUSED_SHARE_TREND,
    count_where(is_refused AND recency <= 3) AS PREVIOUS_REFUSED_AMONG_LAST_3,
    coalesce(
        max(DAYS_DECISION) FILTER (is_refused) = max(DAYS_DECISION) FILTER (is_decided),
        CASE WHEN count_where(is_decided) > 0 THEN false END
    ) AS PREVIOUS_LAST_DECISION_REFUSED,
    -max(DAYS_DECISION) AS PREVIOUS_DAYS_SINCE_LAST_APPLICATION,
    -min(DAYS_DECISION) AS PREVIOUS_DAYS_SINCE_FIRST_APPLICATION,
    -max(DAYS_DECISION) FILTER (is_approved) AS PREVIOUS_DAYS_SINCE_LAST_APPROVAL,
    -max(DAYS_DECISION) FILTER (is_refused) AS PREVIOUS_DAYS_SINCE_LAST_REFUSAL,
    -max(DAYS_DECISION) FILTER (is_cash) AS PREVIOUS_DAYS_SINCE_LAST_CASH_APPLICATION,
    -max(DAYS_DECISION) FILTER (is_consumer) AS PREVIOUS_DAYS_SINCE_LAST_CONSUMER_APPLICATION,
    -max(DAYS_DECISION) FILTER (is_card) AS PREVIOUS_DAYS_SINCE_LAST_CARD_APPLICATION,
    -avg(DAYS_DECISION) AS PREVIOUS_APPLICATION_AGE_MEAN,
    -avg(DAYS_DECISION) FILTER (is_approved) AS PREVIOUS_APPROVAL_AGE_MEAN,
    (max(DAYS_DECISION) - min(DAYS_DECISION)) / nullif(count(*) - 1, 0)
        AS PREVIOUS_DAYS_BETWEEN_APPLICATIONS_MEAN,

    -- Amounts asked for and granted.
    avg(AMT_APPLICATION) FILTER (AMT_APPLICATION > 0) AS PREVIOUS_REQUESTED_MEAN,
    arg_min(AMT_APPLICATION, recency) FILTER (AMT_APPLICATION > 0) AS PREVIOUS_LAST_REQUESTED,
    sum(AMT_CREDIT) FILTER (is_approved) AS PREVIOUS_GRANTED_TOTAL,
    avg(AMT_CREDIT) FILTER (is_approved) AS PREVIOUS_GRANTED_MEAN,
    max(AMT_CREDIT) FILTER (is_approved) AS PREVIOUS_GRANTED_MAX,
    arg_min(AMT_CREDIT, recency) FILTER (is_approved) AS PREVIOUS_LAST_GRANTED,
    sum(AMT_CREDIT) FILTER (is_approved AND DAYS_DECISION >= -365) AS PREVIOUS_GRANTED_LAST_YEAR,
    avg(AMT_CREDIT) FILTER (is_refused AND AMT_CREDIT > 0) AS PREVIOUS_REFUSED_AMOUNT_MEAN,
    ratio(PREVIOUS_REFUSED_AMOUNT_MEAN, PREVIOUS_GRANTED_MEAN)
        AS PREVIOUS_REFUSED_TO_GRANTED_AMOUNT,
    ratio(
        sum(AMT_CREDIT) FILTER (is_approved AND names_amount),
        sum(AMT_APPLICATION) FILTER (is_approved AND names_amount)
    ) AS PREVIOUS_GRANTED_TO_REQUESTED,
    ratio(
        sum(AMT_CREDIT) FILTER (is_approved AND is_cash AND names_amount),
        sum(AMT_APPLICATION) FILTER (is_approved AND is_cash AND names_amount)
    ) AS PREVIOUS_CASH_GRANTED_TO_REQUESTED,

    -- Goods, down payment, monthly payment, number of payments, interest.
    avg(AMT_GOODS_PRICE) FILTER (is_consumer AND is_approved) AS PREVIOUS_GOODS_PRICE_MEAN,
    avg(RATE_DOWN_PAYMENT) AS PREVIOUS_DOWN_PAYMENT_SHARE_MEAN,
    avg(AMT_DOWN_PAYMENT) FILTER (is_consumer AND is_approved) AS PREVIOUS_DOWN_PAYMENT_MEAN,
    avg(AMT_ANNUITY) FILTER (is_approved) AS PREVIOUS_ANNUITY_MEAN,
    max(AMT_ANNUITY) FILTER (is_approved) AS PREVIOUS_ANNUITY_MAX,
    arg_min(AMT_ANNUITY, recency) FILTER (is_approved) AS PREVIOUS_LAST_ANNUITY,
    avg(nullif(CNT_PAYMENT, 0)) FILTER (is_approved) AS PREVIOUS_TERM_MEAN,
    avg(nullif(CNT_PAYMENT, 0)) FILTER (is_approved AND is_cash) AS PREVIOUS_CASH_TERM_MEAN,
    24 * ratio(
        sum(interest) FILTER (is_approved),
        sum(credit_months) FILTER (is_approved AND interest IS NOT NULL)
    ) AS PREVIOUS_INTEREST_RATE,
    24 * ratio(
        sum(interest) FILTER (is_approved AND is_cash),
        sum(credit_months) FILTER (is_approved AND is_cash AND interest IS NOT NULL)
    ) AS PREVIOUS_CASH_INTEREST_RATE,
    24 * ratio(
        sum(interest) FILTER (is_approved AND is_consumer),
        sum(credit_months) FILTER (is_approved AND is_consumer AND interest IS NOT NULL)
    ) AS PREVIOUS_CONSUMER_INTEREST_RATE,
    24 * ratio(
        sum(interest) FILTER (is_refused),
        sum(credit_months) FILTER (is_refused AND interest IS NOT NULL)
    ) AS PREVIOUS_REFUSED_INTEREST_RATE,
    24 * ratio(
        arg_min(interest, recency) FILTER (is_approved),
        arg_min(credit_months, recency) FILTER (is_approved AND interest IS NOT NULL)
    ) AS PREVIOUS_LAST_INTEREST_RATE,
    PREVIOUS_LAST_INTEREST_RATE - PREVIOUS_INTEREST_RATE AS PREVIOUS_INTEREST_RATE_TREND,
    ratio(count_where(NAME_YIELD_GROUP = 'high'), count_where(NAME_YIELD_GROUP <> 'XNA'))
        AS PREVIOUS_HIGH_INTEREST_SHARE,

    -- The course of the loans that were granted.
    count_where(is_approved AND is_open) AS PREVIOUS_OPEN_LOAN_COUNT,
    count_where(is_approved AND is_finished) AS PREVIOUS_FINISHED_LOAN_COUNT,
    sum(AMT_CREDIT) FILTER (is_approved AND is_open AND NOT is_card) AS PREVIOUS_OPEN_CREDIT_TOTAL,
    sum(AMT_ANNUITY) FILTER (is_approved AND is_open AND NOT is_card)
        AS PREVIOUS_OPEN_ANNUITY_TOTAL,
    max(agreed_end) FILTER (is_approved AND is_open) AS PREVIOUS_DAYS_TO_AGREED_END,
    -max(DAYS_LAST_DUE) FILTER (is_approved AND is_finished) AS PREVIOUS_DAYS_SINCE_LAST_DUE,
    -min(DAYS_FIRST_DRAWING) FILTER (is_approved AND DAYS_FIRST_DRAWING <= 0)
        AS PREVIOUS_DAYS_SINCE_FIRST_DRAWING,
    avg(agreed_end - DAYS_LAST_DUE) FILTER (is_approved AND is_finished)
        AS PREVIOUS_DAYS_ENDED_EARLY_MEAN,
    ratio(
        count_where(is_approved AND is_finished AND DAYS_LAST_DUE < agreed_end),
        count_where(is_approved AND is_finished AND agreed_end IS NOT NULL)
    ) AS PREVIOUS_ENDED_EARLY_SHARE,
    avg(NFLAG_INSURED_ON_APPROVAL) FILTER (is_approved) AS PREVIOUS_INSURED_SHARE,

    -- What for, and how they came about.
    count_where(NAME_CASH_LOAN_PURPOSE NOT IN ('XAP', 'XNA')) AS PREVIOUS_PURPOSE_NAMED_COUNT,
    count_where(
        NAME_CASH_LOAN_PURPOSE
        IN ('Urgent needs', 'Everyday expenses', 'Payments on other loans', 'Medicine')
    ) AS PREVIOUS_PRESSING_PURPOSE_COUNT,
    ratio(count_where(NAME_GOODS_CATEGORY = 'Mobile'), count_where(NAME_GOODS_CATEGORY <> 'XNA'))
        AS PREVIOUS_MOBILE_PHONE_SHARE,
    ratio(count_where(NAME_PRODUCT_TYPE = 'walk-in'), count(*)) AS PREVIOUS_WALK_IN_SHARE
FROM applications
GROUP BY SK_ID_CURR
