import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  causesOf,
  dialectOf,
  isOver,
  nameOf,
  pauseBefore,
  shareDone,
  whyFailed,
} from '../js/batches/batch-record.js';
import { chooseCsv, isBranch } from '../js/batches/csv-choice.js';
import { loadTexts } from '../js/texts/loaders.js';

const texts = { en: await loadTexts('en', 'batches') };

test('the page asks often at first, then seldom, and at last stops', () => {
  assert.ok(pauseBefore(0) < 1000);
  assert.equal(pauseBefore(50), 5000);
  assert.equal(pauseBefore(1000), null);
});

test('only a finished or failed batch is over', () => {
  assert.deepEqual(
    ['waiting', 'running', 'finished', 'failed'].map((status) => isOver({ status })),
    [false, false, true, true],
  );
});

test('causes come most frequent first', () => {
  const causes = causesOf({
    causes: [
      { cause: 'b', column: 'X', count: 1 },
      { cause: 'a', column: 'Y', count: 5 },
    ],
  });
  assert.deepEqual(
    causes.map(({ cause, column, count }) => [cause, column, count]),
    [
      ['a', 'Y', 5],
      ['b', 'X', 1],
    ],
  );
  assert.deepEqual(causesOf(undefined), []);
});

test('how far a batch is: unknown before the rows are counted, never more than all', () => {
  assert.equal(shareDone({ rows: 0, rows_done: 0 }), null);
  assert.equal(shareDone({ rows: 200, rows_done: 50 }), 0.25);
  assert.equal(shareDone({ rows: 200, rows_done: 201 }), 1);
});

test('a file is called as its sender called it', () => {
  const named = (batch) => nameOf({ batch });
  assert.equal(named('paris-01/a-20261121T101530-1a2b.csv'), 'a.csv');
  assert.equal(named('paris-01/a-20261121T101530-1a2b.csv.gz/v1'), 'a.csv.gz');
  assert.equal(named('paris-01/dropped-by-a-system.csv/v1'), 'dropped-by-a-system.csv');
  assert.equal(nameOf({ batch: 'x', file: 'b.csv' }), 'b.csv');
});

test('why a file failed is told in the language of the page, or as it came', () => {
  const both = { manifest: { detail: { fr: 'Vide.', en: 'Empty.' } } };
  assert.equal(whyFailed(both, 'fr'), 'Vide.');
  assert.equal(whyFailed({ manifest: { detail: 'Empty.' } }, 'fr'), 'Empty.');
  assert.equal(whyFailed({ detail: 'From the record.' }, 'en'), 'From the record.');
});

test('how a file was read has a text for each part, and none for what is as usual', () => {
  const dialect = { delimiter: '\t', decimal: ',', newline: '\r\n', encoding: 'cp1252', container: 'plain' };
  const pairs = dialectOf({ dialect });
  assert.deepEqual(
    pairs.map(({ code, name }) => code ?? name),
    ['tab', 'comma', 'crlf', 'Windows-1252'],
  );
  for (const { kind, code } of pairs) {
    assert.ok(`reading.${kind}` in texts.en);
    if (code) assert.ok(`reading.${kind}.${code}` in texts.en);
  }
  assert.deepEqual(dialectOf(undefined), []);
});

test('a file is refused before it is sent when it cannot be one', () => {
  for (const name of ['applications.CSV', 'a.csv.gz', 'a.tsv', 'a.txt', 'a.Zip', 'été 1.csv']) {
    const file = new File(['a,b'], name);
    assert.deepEqual(chooseCsv([file]), { file });
  }
  for (const name of ['applications.xlsx', 'a.gz', '.csv', 'a.csv.exe'])
    assert.equal(chooseCsv([new File(['x'], name)]).refusal, 'notCsv', name);
  assert.equal(chooseCsv([new File([], 'applications.csv')]).refusal, 'empty');
  assert.equal(chooseCsv([{ name: 'a.csv', size: 6e9 }]).refusal, 'tooLarge');
  const file = new File(['a'], 'a.csv');
  assert.equal(chooseCsv([file, file]).refusal, 'several');
});

test('a branch is a plain word', () => {
  for (const branch of ['paris-01', 'A', 'lyon2']) assert.ok(isBranch(branch), branch);
  for (const branch of ['', '-paris', 'paris/01', '../up', 'pa ris', 'été'])
    assert.ok(!isBranch(branch), branch);
});
