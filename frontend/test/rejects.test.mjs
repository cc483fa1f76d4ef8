import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctionOf, offered } from '../js/batches/rejects/corrections.js';
import { openCount } from '../js/batches/rejects/groups.js';
import { repairFile } from '../js/batches/rejects/resend.js';
import { REJECT, readSheet, stateOf } from '../js/batches/rejects/sheet.js';
import { Workbench } from '../js/batches/rejects/workbench.js';
import { makeRules } from '../js/batches/table/cell-rules.js';
import { decodeText, fieldsOf, recordSpans, writeRecord } from '../js/batches/table/csv.js';

const field = (name, facts) => ({
  name, label: { fr: `${name} fr`, en: `${name} en` }, family: '', unit: '', minimum: null, maximum: null,
  sentinel: null, required: false, role: '', options: [], ...facts,
}); // prettier-ignore
const options = ['Working', 'Pensioner'].map((value) => ({ value, label: { fr: 'Salarié', en: value } }));
const CONTRACT = {
  fields: [
    field('ID', { type: 'id', required: true }),
    field('AMOUNT', { type: 'number', unit: 'currency', minimum: 1, maximum: 1000000, required: true }),
    field('BIRTH', { type: 'integer', unit: 'days', minimum: -36525, maximum: -6570 }),
    field('KIND', { type: 'category', options }),
  ],
  tables: { nothing: ['na'], id_pattern: '[A-Za-z0-9_-]{1,32}', other_columns: [{ name: 'PAST', label: { fr: 'passé', en: 'past' } }] },
}; // prettier-ignore
const rules = makeRules(CONTRACT);
const COMMA = { delimiter: ';', decimal: ',', grouping: '.', doubtful: '' };
const POINT = { delimiter: ',', decimal: '.', grouping: '', doubtful: '' };

/** rows : [cause, column, check, ...the sender's fields] */
function bench(rows, dialect = POINT, repaired = []) {
  const { delimiter } = dialect;
  const lines = rows.map(([cause, column, ...own], n) =>
    writeRecord(
      [String(n + 2), column, '', cause, 'why', 'a.csv/v', 'c', '', ...own, ...(own.length < 6 ? [''] : [])],
      delimiter,
    ),
  );
  const text = [[...REJECT, 'ID', 'AMOUNT', 'BIRTH', 'KIND', 'PAST', 'NOTE'].join(delimiter), ...lines].join(
    '\r\n',
  );
  const sheet = readSheet(`${text}\r\n`, { dialect, rules, repaired: new Set(repaired) });
  return new Workbench(sheet, '2026-06-01T08:00:00+00:00');
}

const linesOf = async (file) => {
  const text = await file.text();
  return [...recordSpans(text)].map(([start, end]) => fieldsOf(text.slice(start, end), ','));
};

test('records end where a line does, but not within quotation marks', () => {
  const cut = (text) => [...recordSpans(text)].map(([start, end]) => text.slice(start, end));
  assert.deepEqual(cut('a\r\n"b\nc",d\ne'), ['a', '"b\nc",d', 'e']);
  assert.deepEqual(cut('a\r\rb\n'), ['a', '', 'b']);
  assert.deepEqual(fieldsOf('"a""b",,c', ','), ['a"b', '', 'c']);
  assert.equal(fieldsOf('a"b,c', ','), null);
});

test('bytes are read by their mark, as UTF-8, or as Windows-1252', () => {
  assert.equal(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), 'a');
  assert.equal(decodeText(new Uint8Array([0xff, 0xfe, 0x61, 0])), 'a');
  assert.equal(decodeText(new Uint8Array([0xe9])), 'é');
  assert.equal(decodeText(new Uint8Array([0x61, 0xc3]), { isWhole: false }), 'a');
});

test('every field that breaks the contract is found, not only the first', () => {
  const { sheet, groups } = bench([
    ['wrong_type', 'AMOUNT', '1', '1200,5', '12000', 'Pirate', ''],
    ['wrong_type', 'AMOUNT', '2', '900,5', '', '', ''],
  ]);
  assert.deepEqual(
    sheet.rows[0].problems.map(({ column, cause }) => [column, cause]),
    [
      ['AMOUNT', 'wrong_type'],
      ['BIRTH', 'out_of_range'],
      ['KIND', 'unknown_category'],
    ],
  );
  const [largest] = groups.values();
  assert.deepEqual([largest.column, largest.shape, largest.cells.length], ['AMOUNT', 'decimal ,', 2]);
});

test('lines that another file has repaired since are no longer there', () => {
  const { sheet } = bench([['missing', 'AMOUNT', '1', '', '', '', ''], ['missing', 'AMOUNT', '2', '', '', '', '']], POINT, [2]); // prettier-ignore
  assert.deepEqual(sheet.rows.map(({ line }) => line), ['3']); // prettier-ignore
});

test('corrections are offered that make a field right, and no others', () => {
  const offers = (row) => {
    const made = bench([row]);
    const [group] = made.groups.values();
    return offered(group, made.context).map(({ name }) => name);
  };
  assert.deepEqual(offers(['wrong_type', 'AMOUNT', '1', '1200,5', '', '', '']), ['convention']);
  assert.deepEqual(offers(['wrong_type', 'AMOUNT', '1', 'much', '', '', '']), []);
  assert.deepEqual(offers(['out_of_range', 'AMOUNT', '1', '5000000', '', '', '']), ['by100', 'by1000']);
  assert.deepEqual(offers(['out_of_range', 'BIRTH', '1', '5', '12000', '', '']), ['sign', 'empty']);
  assert.deepEqual(offers(['wrong_type', 'BIRTH', '1', '5', '1980-02-30', '', '']), ['empty']);
  assert.deepEqual(offers(['wrong_type', 'BIRTH', '1', '5', '1980-02-29', '', '']), ['dates', 'empty']);
  assert.deepEqual(offers(['unknown_category', 'KIND', '1', '5', '', 'SALARIE', '']), ['category', 'empty']);
});

test('a factor leaves no digits that nobody wrote', () => {
  const context = { numbers: POINT, receivedAt: '2026-06-01' };
  assert.equal(correctionOf('times100', context)('0.29'), '29');
  assert.equal(correctionOf('by1000', context)('1234567'), '1234.567');
  assert.equal(correctionOf('dates', context)('31/05/2026'), '-1');
});

test('rows are open, repaired or left out; each change can be taken back', () => {
  const made = bench([
    ['wrong_type', 'AMOUNT', '1', '1200,5', '', '', ''],
    ['wrong_type', 'AMOUNT', '2', '900,5', '', '', ''],
    ['duplicate_id', 'ID', '3', '900', '', '', ''],
  ]);
  const [group] = made.groups.values();
  assert.equal(made.correct(group, correctionOf('convention', made.context)), 2);
  assert.deepEqual([made.counts, openCount(group)], [{ open: 1, repaired: 2, left: 0 }, 0]);
  made.leave([made.sheet.rows[0]]);
  made.confirm([made.sheet.rows[2]]);
  assert.deepEqual(made.counts, { open: 0, repaired: 2, left: 1 });
  for (let n = 0; n < 3; n += 1) made.undo();
  assert.deepEqual([made.counts, made.isChanged], [{ open: 3, repaired: 0, left: 0 }, false]);
});

test('a value that is wrong itself repairs nothing', () => {
  const made = bench([['missing', 'AMOUNT', '1', '', '', '', '']]);
  made.setCell(made.sheet.rows[0], 'AMOUNT', '-5');
  assert.equal(stateOf(made.sheet.rows[0]), 'open');
  made.setCell(made.sheet.rows[0], 'AMOUNT', '5');
  assert.equal(stateOf(made.sheet.rows[0]), 'repaired');
});

test('the repaired rows go back with whose they are, in numbers that leave no doubt', async () => {
  const made = bench(
    [
      ['unknown_category', 'KIND', '007', '234,567', '-9000', 'Pirate', '0,125'],
      ['missing', 'AMOUNT', '8', '', '', '', ''],
      ['duplicate_id', 'ID', '9', '180.000', '', '', '', "'=1+1"],
    ],
    COMMA,
  );
  made.setCell(made.sheet.rows[0], 'KIND', 'Working');
  made.confirm([made.sheet.rows[2]]);
  const file = repairFile(made.sheet, 'june.csv.gz');
  assert.equal(file.name, 'june-rejects.csv');
  const [head, ...rows] = await linesOf(file);
  assert.deepEqual(head.slice(0, 9), [...REJECT, 'ID']);
  assert.deepEqual(
    rows.map((row) => [row[0], row[5], row[6], row[7], ...row.slice(8)]),
    [
      ['2', 'a.csv/v', 'c', '', '007', '234.5670', '-9000', 'Working', '0.125', ''],
      ['4', 'a.csv/v', 'c', 'yes', '9', '180000', '', '', '', '=1+1'],
    ],
  );
});
