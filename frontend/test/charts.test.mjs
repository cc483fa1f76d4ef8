import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaugeScale } from '../js/charts/gauge-scale.js';
import { waterfall } from '../js/charts/waterfall.js';

const near = (one, other, hint) => assert.ok(Math.abs(one - other) < 1e-9, `${hint}: ${one} is not ${other}`);
const stepsOf = (...amounts) => amounts.map((amount, key) => ({ key: String(key), amount }));

/** start, steps, marks */
const PICTURES = [
  [0.05, stepsOf(0.3, -0.1, 0.05, 0.0001, -0.02), [0.08]],
  [0.08, stepsOf(-0.05, -0.02), [0.5]],
  [0.02, stepsOf(0.000_01, -0.000_01), []],
  [0.3, stepsOf(-0.2, 0.2, -0.2, 0.2), [0.084, 0.3]],
  [0.1, stepsOf(0.5), [0]],
  [0.1, [], [0.08]],
  [0, stepsOf(0, 0), []],
  [0.05, stepsOf(1, 0.005, 0.004, -0.002), []],
];

test('the bars of a waterfall follow each other and add up from the start to the end', () => {
  for (const [start, steps, marks] of PICTURES) {
    const { bars, rest } = waterfall(start, steps, marks);
    assert.equal(bars[0]?.from ?? start, start);
    for (const [index, bar] of bars.slice(1).entries()) assert.equal(bar.from, bars[index].to);
    const end = steps.reduce((sum, { amount }) => sum + amount, start);
    near((bars.at(-1)?.to ?? start) + rest, end, 'where it ends');
  }
});

test('a waterfall stays within its picture, with everything that must be seen', () => {
  for (const [start, steps, marks] of PICTURES) {
    const { bars, position, rest } = waterfall(start, steps, marks);
    const end = (bars.at(-1)?.to ?? start) + rest;
    for (const value of [0, start, end, ...marks, ...bars.flatMap(({ from, to }) => [from, to])])
      assert.ok(position(value) >= 0 && position(value) <= 100, `${value} at ${position(value)}`);
    for (const { from, to, left, width } of bars) {
      near(left, position(Math.min(from, to)), 'left');
      near(left + width, position(Math.max(from, to)), 'right');
      assert.ok(width >= 0);
    }
  }
});

test('nothing begins at the left edge, the largest value is at the right one', () => {
  const { position } = waterfall(0.05, stepsOf(0.25, -0.1), [0.08]);
  assert.equal(position(0), 0);
  near(position(0.3), 100, 'the largest');
  near(position(0.15), 50, 'half of it');
});

test('steps too small to be seen are told together, and none is lost', () => {
  const { bars, rest } = waterfall(0.05, stepsOf(1, 0.5, 0.004, 0.003, -0.001));
  assert.deepEqual(
    bars.map(({ key }) => key),
    ['0', '1'],
  );
  near(rest, 0.006, 'the rest');
});

test('a picture without any value draws nothing and divides by nothing', () => {
  const { bars, position, rest } = waterfall(0, [], []);
  assert.deepEqual([bars, position(0), rest], [[], 0, 0]);
});

test('the gauge is the same for every applicant of a model, the threshold at most a third of the way', () => {
  for (let cutoff = 0.001; cutoff <= 1 / 3; cutoff += 0.001) {
    const { position } = gaugeScale(cutoff);
    assert.ok(position(cutoff) <= 1 / 3 + 1e-9, `${cutoff} at ${position(cutoff)}`);
    if (cutoff > 0.014) assert.ok(position(cutoff) > 0.12, `${cutoff} at ${position(cutoff)}`);
  }
});

test('the marks of a gauge are evenly spaced round numbers, from nothing to its end', () => {
  for (const cutoff of [0, 0.005, 0.05, 0.084, 0.1, 0.15, 0.2, 0.5, 1]) {
    const { end, marks, position } = gaugeScale(cutoff);
    assert.equal(marks[0], 0);
    assert.equal(marks.at(-1), end);
    assert.ok(marks.length >= 4 && marks.length <= 6, String(marks));
    for (const mark of marks) assert.ok(String(mark).length <= 4, `${mark} is not round`);
    for (const [index, mark] of marks.entries()) near(position(mark), index / (marks.length - 1), `${mark}`);
  }
});

test('a risk beyond the gauge stands at its end, none before its beginning', () => {
  const { end, position } = gaugeScale(0.084);
  assert.deepEqual([position(end), position(2), position(0), position(-1)], [1, 1, 0, 0]);
});
