import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFilters, readWanted, reset, sortedBy, writeWanted } from '../js/applicants/filters.js';
import { gaugeScale } from '../js/charts/gauge-scale.js';
import { waterfall } from '../js/charts/waterfall.js';
import { ruleOf } from '../js/decide/rules.js';
import { byFamily, directionOf, usualShares } from '../js/dossier/families.js';
import { groupsOf } from '../js/session/token.js';
import { readChanges, writeChanges } from '../js/simulate/changes.js';

test('what a list is asked for is read back from its address', () => {
  const wanted = readWanted({
    state: 'open',
    decision: 'refuse',
    amount_min: '1000',
    sort: 'income',
    order: 'asc',
  });
  assert.deepEqual(readWanted(writeWanted(wanted)), wanted);
  assert.equal(countFilters(wanted), 2);
  assert.deepEqual(writeWanted(readWanted({})), {});
  assert.deepEqual(writeWanted(reset(wanted)), { state: 'open' });
});

test('what waits longest comes first in the tabs of work, the newest elsewhere', () => {
  assert.equal(readWanted({ state: 'review' }).order, 'asc');
  assert.equal(readWanted({ state: 'decided' }).order, 'desc');
  assert.equal(readWanted({ state: 'nonsense' }).state, 'all');
});

test('a second click on a column turns its order', () => {
  const once = sortedBy(readWanted({}), 'income');
  assert.deepEqual([once.sort, once.order], ['income', 'desc']);
  assert.equal(sortedBy(once, 'income').order, 'asc');
  assert.equal(sortedBy(once, 'applicant_id').order, 'asc');
});

const FIELDS = new Map(
  [
    { name: 'AMT_CREDIT', type: 'number', is_actionable: true, options: [] },
    { name: 'FLAG_PHONE', type: 'flag', is_actionable: true, options: [] },
    {
      name: 'OCCUPATION_TYPE',
      type: 'category',
      is_actionable: true,
      options: [{ value: 'Laborers' }, { value: 'Managers' }],
    },
    { name: 'DAYS_BIRTH', type: 'integer', is_actionable: false, options: [] },
  ].map((field) => [field.name, field]),
);
const APPLICATION = { AMT_CREDIT: 414_000, FLAG_PHONE: 0, OCCUPATION_TYPE: 'Laborers', DAYS_BIRTH: -15_000 };

test('simulated changes survive an address that holds no value of the applicant', () => {
  const changes = { AMT_CREDIT: 331_200, FLAG_PHONE: 1, OCCUPATION_TYPE: 'Managers' };
  const text = writeChanges(changes, APPLICATION, FIELDS);
  assert.deepEqual(readChanges(text, APPLICATION, FIELDS), changes);
  assert.doesNotMatch(text, /414|331|Managers|Laborers/);
  assert.deepEqual(
    readChanges(writeChanges({ FLAG_PHONE: null }, APPLICATION, FIELDS), APPLICATION, FIELDS),
    { FLAG_PHONE: null },
  );
});

test('what is no change that can be made is left out', () => {
  for (const text of [
    'DAYS_BIRTH*0.5',
    'AMT_CREDIT*-1',
    'AMT_CREDIT*x',
    'NOBODY=1',
    'FLAG_PHONE=7',
    'OCCUPATION_TYPE=9',
    ';;',
    '__proto__=1',
  ])
    assert.deepEqual(readChanges(text, APPLICATION, FIELDS), {}, text);
});

test('the bars of a waterfall lead from the start to the end, within the picture', () => {
  const steps = [0.3, -0.1, 0.05, 0.0001, -0.02].map((amount, key) => ({ key: String(key), amount }));
  const { bars, position, rest } = waterfall(0.05, steps, [0.08]);
  assert.equal(bars[0].from, 0.05);
  for (const [index, bar] of bars.entries()) {
    if (index > 0) assert.equal(bar.from, bars[index - 1].to);
    assert.ok(bar.left >= 0 && bar.left + bar.width <= 100.0001);
  }
  assert.ok(Math.abs(bars.at(-1).to + rest - 0.2801) < 1e-12);
  assert.ok(position(0.08) > 0 && position(0.08) < 100);
  assert.deepEqual(waterfall(0, [], []).bars, []);
});

test('families add up to what their columns add up to, the heaviest first', () => {
  const contributions = [
    { feature: 'a', family: 'loan', probability_points: 0.02 },
    { feature: 'b', family: 'bureau', probability_points: -0.05 },
    { feature: 'c', family: 'loan', probability_points: 0.01 },
  ];
  const families = byFamily(contributions);
  assert.deepEqual(
    families.map(({ family }) => family),
    ['bureau', 'loan'],
  );
  assert.ok(Math.abs(families[1].points - 0.03) < 1e-12);
  assert.deepEqual(
    families[1].features.map(({ feature }) => feature),
    ['a', 'c'],
  );
  assert.deepEqual([0.01, -0.01, 0.0001].map(directionOf), ['raises', 'lowers', 'neutral']);
  const shares = usualShares({
    families: [
      { family: 'loan', mean_contribution: 3 },
      { family: 'bureau', mean_contribution: 1 },
    ],
  });
  assert.equal(shares.get('loan'), 0.75);
});

test('the gauge is the same for every applicant of a model, with the threshold a third of the way', () => {
  for (const cutoff of [0.005, 0.05, 0.084, 0.2, 0.5]) {
    const { end, marks, position } = gaugeScale(cutoff);
    assert.ok(end >= Math.min(cutoff * 3, 1));
    assert.equal(marks[0], 0);
    assert.equal(marks.at(-1), end);
    assert.equal(position(2), 1);
  }
});

const RULES = {
  rules: { never: ['contradiction'], alone: { most_amount: 500_000, bands: ['low', 'medium'] } },
};

test('what a decision needs follows from the lender’s rules', () => {
  const score = { decision: 'refuse', risk_band: 'medium', review: [] };
  assert.deepEqual(ruleOf('refuse', score, RULES, 1), {
    isOverride: false,
    isForbidden: false,
    needsSecond: false,
  });
  assert.deepEqual(ruleOf('accept', score, RULES, 500_000), {
    isOverride: true,
    isForbidden: false,
    needsSecond: false,
  });
  assert.ok(ruleOf('accept', score, RULES, 500_001).needsSecond);
  assert.ok(ruleOf('accept', { ...score, risk_band: 'high' }, RULES, 1).needsSecond);
  assert.ok(ruleOf('accept', { ...score, review: [{ cause: 'contradiction' }] }, RULES, 1).isForbidden);
  assert.ok(!ruleOf('', score, RULES, 1).isOverride);
});

test('groups are read from a token, none from what is no token', () => {
  const payload = Buffer.from(JSON.stringify({ 'cognito:groups': ['advisor', 'branch-été'] })).toString(
    'base64url',
  );
  assert.deepEqual(groupsOf(`h.${payload}.s`), ['advisor', 'branch-été']);
  for (const token of ['', 'x', 'a.b.c', `h.${Buffer.from('{}').toString('base64url')}.s`])
    assert.deepEqual(groupsOf(token), []);
});
