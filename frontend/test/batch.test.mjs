import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causesOf, isOver, pauseBefore } from '../js/batch.js';
import { chooseCsv, isBranch } from '../js/csv-choice.js';

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

test('causes are read from a list or from a table, most frequent first', () => {
  const list = causesOf({
    causes: [
      { cause: 'b', column: 'X', count: 1 },
      { cause: 'a', column: 'Y', count: 5 },
    ],
  });
  assert.deepEqual(
    list.map(({ cause, column, count }) => [cause, column, count]),
    [
      ['a', 'Y', 5],
      ['b', 'X', 1],
    ],
  );
  assert.deepEqual(causesOf({ rejected_by_cause: { late: 2 } }), [{ cause: 'late', column: '', count: 2 }]);
  assert.deepEqual(causesOf(undefined), []);
});

test('a file is refused before it is sent when it cannot be one', () => {
  const csv = new File(['a,b'], 'applications.CSV');
  assert.deepEqual(chooseCsv([csv]), { file: csv });
  assert.equal(chooseCsv([new File(['x'], 'applications.xlsx')]).refusal, 'notCsv');
  assert.equal(chooseCsv([new File([], 'applications.csv')]).refusal, 'empty');
  assert.equal(chooseCsv([csv, csv]).refusal, 'several');
});

test('a branch is a plain word', () => {
  for (const branch of ['paris-01', 'A', 'lyon2']) assert.ok(isBranch(branch), branch);
  for (const branch of ['', '-paris', 'paris/01', '../up', 'pa ris', 'été'])
    assert.ok(!isBranch(branch), branch);
});
