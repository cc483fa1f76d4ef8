import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ruleOf } from '../js/decide/rules.js';

/** The lender's own, as GET /contract tells them. */
const rules = JSON.parse(
  await readFile(
    new URL('../../layers/credit_scoring/python/credit_scoring/lender/decision_rules.json', import.meta.url),
    'utf8',
  ),
);
const CONTRACT = { rules };
const MOST = rules.alone.most_amount;
const [BAND] = rules.alone.bands;
const scored = (decision, given = {}) => ({ decision, risk_band: BAND, review: [], ...given });

test('to decide as the model recommends needs nothing, whatever the amount', () => {
  for (const decision of ['accept', 'refuse'])
    for (const amount of [1, MOST, 100 * MOST])
      assert.deepEqual(ruleOf(decision, scored(decision, { risk_band: 'high' }), CONTRACT, amount), {
        isOverride: false,
        isForbidden: false,
        needsSecond: false,
      });
});

test('to decide otherwise needs a reason; so does every decision that the model leaves to people', () => {
  assert.ok(ruleOf('accept', scored('refuse'), CONTRACT, 1).isOverride);
  assert.ok(ruleOf('refuse', scored('accept'), CONTRACT, 1).isOverride);
  for (const decision of ['accept', 'refuse'])
    assert.ok(ruleOf(decision, scored('review'), CONTRACT, 1).isOverride);
});

test('before anything is chosen nothing is asked for', () => {
  for (const verdict of ['accept', 'refuse', 'review'])
    assert.deepEqual(
      ruleOf('', scored(verdict, { review: [{ cause: 'contradiction' }] }), CONTRACT, 2 * MOST),
      { isOverride: false, isForbidden: false, needsSecond: false },
    );
});

test('one person accepts against the model up to the amount and within the bands, a second beyond', () => {
  for (const verdict of ['refuse', 'review']) {
    for (const band of rules.alone.bands)
      assert.ok(!ruleOf('accept', scored(verdict, { risk_band: band }), CONTRACT, MOST).needsSecond);
    assert.ok(ruleOf('accept', scored(verdict), CONTRACT, MOST + 1).needsSecond);
    assert.ok(ruleOf('accept', scored(verdict, { risk_band: 'high' }), CONTRACT, 1).needsSecond);
  }
});

test('to refuse never needs a second person', () => {
  for (const verdict of ['accept', 'review'])
    assert.ok(!ruleOf('refuse', scored(verdict, { risk_band: 'high' }), CONTRACT, 2 * MOST).needsSecond);
});

test('what contradicts itself may be refused, and accepted by nobody', () => {
  for (const cause of rules.never) {
    const score = scored('review', { review: [{ cause: 'near_cutoff' }, { cause }] });
    assert.ok(ruleOf('accept', score, CONTRACT, 1).isForbidden);
    assert.ok(!ruleOf('refuse', score, CONTRACT, 1).isForbidden);
  }
  assert.ok(
    !ruleOf('accept', scored('review', { review: [{ cause: 'near_cutoff' }] }), CONTRACT, 1).isForbidden,
  );
  assert.ok(!ruleOf('accept', { decision: 'accept', risk_band: BAND }, CONTRACT, 1).isForbidden);
});
