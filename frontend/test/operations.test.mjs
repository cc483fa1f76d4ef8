import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { highest, linePath } from '../js/charts/time-series.js';
import { lanesOf } from '../js/operations/drift-trend.js';
import { whatWasFound, wordOf } from '../js/operations/findings.js';
import { seriesOf, sumOf } from '../js/operations/traffic.js';
import { readRunbook } from '../tools/runbook.mjs';
import { ROOT } from './code.mjs';

const DOCS = join(ROOT, '..', '..', 'docs');
const PAGE = await readFile(join(DOCS, 'operations.md'), 'utf8');
const FRENCH = await readFile(join(DOCS, 'alarms.fr.md'), 'utf8');

test('the French runbook has the same entries, and names the same things of the system', () => {
  const [en, fr] = [readRunbook(PAGE, 'en'), readRunbook(FRENCH, 'fr')];
  assert.deepEqual(Object.keys(fr), Object.keys(en));
  const named = (text) => new Set(text.match(/`[^`]+`/g));
  for (const [, name] of FRENCH.matchAll(/^#### (\w+)$/gm)) {
    assert.equal(fr[name.toLowerCase()].steps.length, 3, name);
    const [own, others] = [FRENCH, PAGE].map((page) => page.split(`#### ${name}\n`)[1].split('\n#')[0]);
    for (const word of named(own))
      assert.ok(named(others).has(word.replace('<nom>', '<name>')), `${name}: ${word}`);
  }
});

test('the runbook has an entry for every heading of an alarm, each with three steps', () => {
  const runbook = readRunbook(PAGE, 'en');
  const headings = [
    ...PAGE.split('## Alarms')[1]
      .split(/\n## /)[0]
      .matchAll(/^#### (\w+)$/gm),
  ];
  assert.ok(headings.length > 20);
  for (const [, name] of headings) {
    const entry = runbook[name.toLowerCase()];
    assert.equal(entry?.steps.length, 3, name);
    assert.ok(entry.text.length > 0, name);
    for (const line of [...entry.text, ...entry.steps]) assert.doesNotMatch(line, /[`*]|\]\(|^#/, name);
  }
});

test('a finding is told by its figures, one of a newer kind as the monitor words it', () => {
  const language = {
    t: (key, ...values) => [key, ...values].join(' '),
    wordFor: (_, code) => code,
    format: { number: String, percent: (share) => `${100 * share} %` },
  };
  const told = (kind, measures) => whatWasFound({ kind, measures, text: 'as worded' }, language);
  assert.equal(told('unit_change', { factor: 100 }), 'drift.what.unit_change 100');
  assert.equal(told('missing', { share: 1, share_before: 0.5 }), 'drift.what.missing 100 % 50 %');
  assert.equal(told('refused_rows', { refused: 3, cause: 'torn' }), 'drift.what.refused_rows 3 3 torn');
  assert.equal(told('swapped', {}), 'drift.what.swapped');
  assert.equal(told('of_tomorrow', {}), 'as worded');
});

test('those who are neither refused nor reviewed were accepted, and nothing counted stays nothing', () => {
  const series = [
    { name: 'scores', values: [null, 10, 4] },
    { name: 'refusals', values: [null, 3, 4] },
    { name: 'reviews', values: [null, null, 1] },
  ];
  assert.deepEqual(seriesOf({ series }).accepted, [null, 7, 0]);
  assert.equal(sumOf([null, 7, 2]), 9);
});

test('a line is broken where nothing was counted, and one value alone is seen', () => {
  assert.equal(linePath([1, 2, null, 1], 2).match(/M/g).length, 2);
  assert.match(linePath([null, 2, null], 2), /^M300.0 0.0h0.1$/);
  assert.equal(linePath([null, null], 2), '');
});

test('bars are as high as their sum, lines as their highest', () => {
  const series = [
    { key: 'a', label: '', values: [1, 5], tone: 'main' },
    { key: 'b', label: '', values: [null, 5], tone: 'second' },
  ];
  assert.equal(highest(series, 'bars', 1), 10);
  assert.equal(highest(series, 'lines', 1), 5);
  assert.equal(highest(series, 'lines', 50), 50);
});

const found = (columns, source, urgency) => ({ kind: 'missing', columns, source, urgency });
const RUNS = [
  { run: '1', findings: [found(['A'], '', 'ticket')] },
  { run: '2', findings: [found(['A', 'B'], 'paris-01', 'page'), found(['A'], '', 'ticket')] },
];

test('a lane tells in which runs something was found there, the more urgent where both were', () => {
  assert.deepEqual(lanesOf(RUNS, 'column', 'all'), [
    { name: 'A', cells: ['ticket', 'page'] },
    { name: 'B', cells: [null, 'page'] },
  ]);
  const sources = lanesOf(RUNS, 'source', 'all').map(({ name }) => name);
  assert.deepEqual(sources, ['all', 'paris-01']);
});

test('the word that is in force is that of the same finding, and of today', () => {
  const word = { kind: 'missing', source: 'paris-01', columns: ['B', 'A'], until: '2026-12-01' };
  const finding = found(['A', 'B'], 'paris-01', 'page');
  assert.equal(wordOf(finding, [word], '2026-12-01'), word);
  assert.equal(wordOf(finding, [word], '2026-12-02'), undefined);
  assert.equal(wordOf(found(['A'], 'paris-01', 'page'), [word], '2026-12-01'), undefined);
});
