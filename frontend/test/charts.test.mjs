import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartHeight, contributionsChart } from '../js/charts/contributions-chart.js';
import { gaugeScale } from '../js/charts/gauge-scale.js';
import { contributionRows, directionOf } from '../js/dossier/contribution-shares.js';
import { createFormat } from '../js/core/format.js';

const PALETTE = {
  ink: '#111',
  muted: '#666',
  line: '#ddd',
  surface: '#fff',
  raises: '#b50',
  hatch: '#db8',
  lowers: '#15a',
};
const ITEMS = [
  { feature: 'DAYS_EMPLOYED', value: -655, contribution: 0.4, label: { en: 'Time in current job' } },
  { feature: 'CREDIT_TO_GOODS', value: 1.1458, contribution: -0.3, label: { en: 'Credit to {price}' } },
  { feature: 'A', value: null, contribution: 0.2, label: { en: 'A' } },
  { feature: 'B', value: 1, contribution: -0.05, label: { en: 'B' } },
];
const COLUMNS = new Map([
  ['DAYS_EMPLOYED', { name: 'DAYS_EMPLOYED', unit: 'days', label: { en: 'Time in current job' } }],
]);

function rows(count = 2) {
  return contributionRows(ITEMS, {
    count,
    lang: 'en',
    format: createFormat('en'),
    columns: COLUMNS,
    restLabel: (n) => `${n} others`,
  });
}

function chart(width = 800, shown = rows()) {
  return contributionsChart(shown, {
    width,
    palette: PALETTE,
    signed: (value) => value.toFixed(2),
    description: 'what it shows',
  });
}

test('the heaviest come first and the others are one row, so that nothing is lost', () => {
  const shown = rows();
  assert.deepEqual(
    shown.map((row) => row.label),
    ['Time in current job', 'Credit to {price}', '2 others'],
  );
  assert.equal(shown[0].value, '1.8 years');
  const total = shown.reduce((sum, row) => sum + row.contribution, 0);
  assert.ok(Math.abs(total - 0.25) < 1e-12);
});

test('without others there is no row for them', () => {
  assert.equal(rows(4).length, 4);
  assert.equal(rows(4)[2].value, 'not given');
});

test('direction is read from the sign, and next to nothing is neutral', () => {
  assert.deepEqual([0.2, -0.2, 0.004, -0.004, 0].map(directionOf), [
    'raises',
    'lowers',
    'neutral',
    'neutral',
    'neutral',
  ]);
});

test('what raises the risk goes right, hatched; what lowers it goes left, plain', () => {
  const [raises, lowers] = chart().series[0].data;
  assert.deepEqual([raises.label.position, lowers.label.position], ['right', 'left']);
  assert.deepEqual([raises.itemStyle.decal.symbol, lowers.itemStyle.decal.symbol], ['rect', 'none']);
  assert.deepEqual([raises.itemStyle.color, lowers.itemStyle.color], [PALETTE.raises, PALETTE.lowers]);
  assert.equal(lowers.label.formatter(), '-0.30');
});

test('zero is in the middle and every bar has room for its number', () => {
  const { min, max } = chart().xAxis;
  assert.equal(min, -max);
  assert.ok(max > 0.4 * 1.2);
});

test('words are never read as markup of the chart', () => {
  const label = chart().yAxis.axisLabel.formatter('', 1);
  assert.equal(label, '{label|Credit to  price }\n{value|1.146}');
});

test('on a phone the words stand over the bars', () => {
  assert.equal(chart(320).yAxis.axisLabel.inside, true);
  assert.ok(chart(320).grid.left < 10);
  assert.ok(chartHeight(5, 320) > chartHeight(5, 800));
});

test('the chart says in words what it shows', () => {
  assert.equal(chart().aria.label.description, 'what it shows');
});

test('a chart without any contribution is still drawn', () => {
  assert.ok(chart(800, [{ key: 'a', label: 'A', value: '', contribution: 0, isRest: false }]).xAxis.max > 0);
});

test('the scale of the gauge depends on the cut-off alone, which stands about a third of the way', () => {
  for (const cutoff of [0.0099, 0.03, 0.05, 0.0909, 0.12, 0.3]) {
    const { end, marks, position } = gaugeScale(cutoff);
    assert.ok(
      position(cutoff) <= 1 / 3 + 1e-9 && position(cutoff) >= 0.15,
      `cut-off ${cutoff} stands at ${position(cutoff)}`,
    );
    assert.deepEqual([marks[0], marks.at(-1)], [0, end]);
  }
});

test('a risk beyond the scale stays at its end', () => {
  const { position } = gaugeScale(0.0909);
  assert.deepEqual([position(0), position(0.15), position(0.9)], [0, 0.5, 1]);
});
