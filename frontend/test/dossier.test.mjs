import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forward } from '../js/dossier/time-passed.js';
import { inSentence, frenchSpaces } from '../js/core/typography.js';
import { byFamily, directionOf, usualShares } from '../js/dossier/families.js';

const CONTRIBUTIONS = [
  { feature: 'a', family: 'loan', probability_points: 0.01 },
  { feature: 'b', family: 'bureau', probability_points: -0.05 },
  { feature: 'c', family: 'loan', probability_points: 0.02 },
  { feature: 'd', family: 'region', probability_points: 0.001 },
  { feature: 'e', family: 'loan', probability_points: -0.015 },
  { feature: 'f', family: 'region', probability_points: -0.001 },
];
const sum = (points) => points.reduce((total, each) => total + each, 0);

test('the points of the families add up to those of their columns, each column in one family', () => {
  const families = byFamily(CONTRIBUTIONS);
  const points = CONTRIBUTIONS.map(({ probability_points: each }) => each);
  assert.ok(Math.abs(sum(families.map((family) => family.points)) - sum(points)) < 1e-12);
  for (const { family, points: own, features } of families) {
    assert.ok(Math.abs(own - sum(features.map((item) => item.probability_points))) < 1e-12, family);
    for (const item of features) assert.equal(item.family, family);
  }
  assert.deepEqual(families.flatMap(({ features }) => features.map(({ feature }) => feature)).sort(), [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
  ]);
});

test('what weighs most comes first, whichever way it pulls', () => {
  const families = byFamily(CONTRIBUTIONS);
  assert.deepEqual(
    families.map(({ family }) => family),
    ['bureau', 'loan', 'region'],
  );
  assert.deepEqual(
    families[1].features.map(({ feature }) => feature),
    ['c', 'e', 'a'],
  );
});

test('contributions are left as they came, and none at all make no family', () => {
  const before = structuredClone(CONTRIBUTIONS);
  byFamily(CONTRIBUTIONS);
  assert.deepEqual(CONTRIBUTIONS, before);
  assert.deepEqual(byFamily([]), []);
});

test('a share that would be written 0.0 neither raises nor lowers', () => {
  assert.deepEqual([0.01, 0.0005, -0.0005, -0.01].map(directionOf), ['raises', 'raises', 'lowers', 'lowers']);
  assert.deepEqual([0.0004, -0.0004, 0, -0].map(directionOf), ['neutral', 'neutral', 'neutral', 'neutral']);
});

test('usual shares of the families are shares of one whole', () => {
  const shares = usualShares({
    families: [
      { family: 'loan', mean_contribution: 3 },
      { family: 'bureau', mean_contribution: 1 },
    ],
  });
  assert.deepEqual(Object.fromEntries(shares), { loan: 0.75, bureau: 0.25 });
});

test('bins of time counted backwards turn round, those of anything else stay', () => {
  const bins = [
    { from: null, to: -20000 },
    { from: -20000, to: -10000 },
    { from: -10000, to: null },
  ];
  const turned = forward({ unit: 'days', bins });
  assert.deepEqual(turned.bins, [
    { from: null, to: -10000, place: 2 },
    { from: -10000, to: -20000, place: 1 },
    { from: -20000, to: null, place: 0 },
  ]);
  assert.deepEqual([0, 1, 2].map(turned.at), [2, 1, 0]);
  const late = [
    { from: null, to: 0 },
    { from: 0, to: null },
  ];
  assert.deepEqual([0, 1].map(forward({ unit: 'days', bins: [...late, { from: 30, to: null }] }).at), [0, 1]);
  assert.equal(forward({ unit: 'currency', bins }).at(0), 0);
});

test('a label within a sentence loses its capital, an abbreviation does not', () => {
  assert.equal(inSentence('Montant du crédit'), 'montant du crédit');
  assert.equal(inSentence('Âge'), 'âge');
  assert.equal(inSentence('PD'), 'PD');
});

test('a unit stays on the line of its number', () => {
  assert.equal(frenchSpaces('35 ans, 4,0 points et 12 mois'), '35\u00a0ans, 4,0\u00a0points et 12\u00a0mois');
  assert.equal(frenchSpaces('2 ansérines'), '2 ansérines');
});
