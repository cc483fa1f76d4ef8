import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hrefFor, parseRoute } from '../js/core/addresses.js';
import { readChanges, writeChanges } from '../js/simulate/changes.js';

const JOBS = ['Laborers', 'Managers', 'Waiters/barmen staff'].map((value) => ({ value }));
const FIELDS = new Map(
  [
    { name: 'AMT_CREDIT', type: 'number', is_actionable: true, options: [] },
    { name: 'AMT_INCOME_TOTAL', type: 'number', is_actionable: true, options: [] },
    { name: 'AMT_ANNUITY', type: 'number', is_actionable: true, options: [] },
    { name: 'FLAG_PHONE', type: 'flag', is_actionable: true, options: [] },
    { name: 'FLAG_EMAIL', type: 'flag', is_actionable: true, options: [] },
    { name: 'OCCUPATION_TYPE', type: 'category', is_actionable: true, options: JOBS },
    {
      name: 'CODE_GENDER',
      type: 'category',
      is_actionable: false,
      options: [{ value: 'F' }, { value: 'M' }],
    },
    { name: 'DAYS_BIRTH', type: 'integer', is_actionable: false, options: [] },
  ].map((field) => [field.name, field]),
);
const APPLICATION = {
  AMT_CREDIT: 414_000, AMT_INCOME_TOTAL: 163_525.5, AMT_ANNUITY: null, FLAG_PHONE: 0, FLAG_EMAIL: 1,
  OCCUPATION_TYPE: 'Laborers', CODE_GENDER: 'F', DAYS_BIRTH: -15_243,
}; // prettier-ignore

const written = (changes) => writeChanges(changes, APPLICATION, FIELDS);
const read = (text) => readChanges(text, APPLICATION, FIELDS);

test('simulated changes are read back from the address that they were written to', () => {
  for (const changes of [
    {},
    { AMT_CREDIT: 331_200 },
    { AMT_CREDIT: 496_800, AMT_INCOME_TOTAL: 327_051 },
    { FLAG_PHONE: 1, FLAG_EMAIL: 0 },
    ...JOBS.map(({ value }) => ({ OCCUPATION_TYPE: value })),
    { FLAG_PHONE: null, OCCUPATION_TYPE: null, AMT_CREDIT: null },
  ]) {
    const address = hrefFor('simulate', { id: '100002' }, { changes: written(changes) });
    assert.deepEqual(read(parseRoute(address).query.changes ?? ''), changes, address);
  }
});

test('an amount comes back to a ten-thousandth of what was asked for', () => {
  for (const amount of [1234, 100_000.55, 413_999, 414_001, 5_000_000]) {
    const found = read(written({ AMT_CREDIT: amount })).AMT_CREDIT;
    assert.ok(Math.abs(found - amount) <= 0.0001 * APPLICATION.AMT_CREDIT, `${amount} ${found}`);
  }
});

test('no value of the applicant stands in the address, nor one that a change would give', () => {
  const text = written({
    AMT_CREDIT: 331_200,
    AMT_INCOME_TOTAL: 200_000,
    FLAG_EMAIL: null,
    OCCUPATION_TYPE: 'Managers',
  });
  for (const value of [...Object.values(APPLICATION), 331_200, 200_000, 'Managers'].filter(
    (each) => String(each).length > 1,
  ))
    assert.ok(!text.includes(String(value)), `${value} in ${text}`);
  assert.equal(text, 'AMT_CREDIT*0.8;AMT_INCOME_TOTAL*1.2231;FLAG_EMAIL-;OCCUPATION_TYPE=1');
});

test('a value that the file lacks has nothing to be a factor of: it is not shared', () => {
  assert.equal(written({ AMT_ANNUITY: 20_000 }), '');
  assert.equal(written({ AMT_ANNUITY: 20_000, FLAG_PHONE: 1 }), 'FLAG_PHONE=1');
  assert.deepEqual(read('AMT_ANNUITY*2'), {});
});

test('what nobody can change is left out, however it is written', () => {
  for (const text of [
    'DAYS_BIRTH*0.5',
    'DAYS_BIRTH-',
    'CODE_GENDER=1',
    'CODE_GENDER-',
    'NOBODY=1',
    'NOBODY-',
  ])
    assert.deepEqual(read(text), {}, text);
});

test('what is damaged is left out', () => {
  for (const text of [
    '', ';;', '*', '=1', 'AMT_CREDIT', 'AMT_CREDIT*', 'AMT_CREDIT*-1', 'AMT_CREDIT*0', 'AMT_CREDIT*x', 'AMT_CREDIT*NaN',
    'AMT_CREDIT*Infinity', 'AMT_CREDIT*1e309', 'AMT_CREDIT*1e308', 'AMT_CREDIT=1', 'AMT_CREDIT-5', 'FLAG_PHONE=7', 'FLAG_PHONE=', 'FLAG_EMAIL*2',
    'OCCUPATION_TYPE=9', 'OCCUPATION_TYPE=-1', 'OCCUPATION_TYPE=length', 'OCCUPATION_TYPE=map', 'OCCUPATION_TYPE*2',
    'OCCUPATION_TYPE=', '__proto__=1', 'constructor-', '<script>=1',
  ]) assert.deepEqual(read(text), {}, text); // prettier-ignore
});

test('what is sound beside something damaged is kept', () => {
  assert.deepEqual(read('AMT_CREDIT*x;FLAG_PHONE=1;;OCCUPATION_TYPE=99'), { FLAG_PHONE: 1 });
});

test('an option that the contract no longer has is not written as another one', () => {
  assert.deepEqual(read(written({ OCCUPATION_TYPE: 'Astronauts' })), {});
});
