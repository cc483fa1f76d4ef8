/** What the lender's rules say of a decision: the service checks the same. */
export function ruleOf(decision, score, { rules }, amount) {
  const causes = (score.review ?? []).map(({ cause }) => cause);
  const isOverride = decision !== '' && decision !== score.decision;
  return {
    isOverride,
    isForbidden: decision === 'accept' && causes.some((cause) => rules.never.includes(cause)),
    needsSecond:
      decision === 'accept' &&
      isOverride &&
      (amount > rules.alone.most_amount || !rules.alone.bands.includes(score.risk_band)),
  };
}
