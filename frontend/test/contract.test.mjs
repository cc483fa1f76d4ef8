import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsOf, kindOf, readNumber, readTyped, typedOf } from '../js/core/contract.js';

const TODAY = new Date('2026-11-27T10:00:00Z');
const field = (given) => ({
  name: 'A', type: 'number', unit: '', role: '', minimum: null, maximum: null, sentinel: null, required: false, options: [], ...given,
}); // prettier-ignore
const AMOUNT = field({ unit: 'currency', minimum: 1, maximum: 1_000_000_000 });
const BIRTH = field({ unit: 'days', role: 'birth', minimum: -36_525, maximum: -6_570 });
const JOB = field({ unit: 'days', minimum: -25_000, maximum: 0, sentinel: 365_243 });

test('numbers are read as people of each language write them', () => {
  for (const [text, value] of [
    ['180 000', 180_000],
    ['1\u202f234,5', 1234.5],
    ['1.234,5', 1234.5],
    ['0,52', 0.52],
    ['-3', -3],
  ])
    assert.equal(readNumber(text, 'fr'), value, text);
  for (const [text, value] of [
    ['180,000', 180_000],
    ['1,234.5', 1234.5],
    ['0.52', 0.52],
    ['.5', 0.5],
  ])
    assert.equal(readNumber(text, 'en'), value, text);
  for (const text of ['', 'abc', '12 mois', '1e9', '1,2,3x', '--1'])
    assert.equal(readNumber(text, 'fr'), null, text);
});

test('each kind of field is asked for in its own way', () => {
  assert.equal(kindOf(AMOUNT), 'amount');
  assert.equal(kindOf(BIRTH), 'date');
  assert.equal(kindOf(JOB), 'years');
  assert.equal(kindOf(field({ type: 'category' })), 'choice');
  assert.equal(kindOf(field({ type: 'flag' })), 'yesno');
  assert.equal(kindOf(field({ type: 'id' })), 'text');
});

test('what is empty is missing, and wrong only where it is needed', () => {
  assert.deepEqual(readTyped(AMOUNT, '  ', { lang: 'fr' }), {});
  assert.equal(readTyped({ ...AMOUNT, required: true }, '', { lang: 'fr' }).mistake.key, 'form.required');
});

test('a date of birth becomes days counted backwards, and back', () => {
  const { value } = readTyped(BIRTH, '1985-03-04', { lang: 'fr', today: TODAY });
  assert.ok(value < -15_000 && value > -15_300, String(value));
  assert.equal(typedOf(BIRTH, value, { lang: 'fr', today: TODAY }), '1985-03-04');
  assert.equal(readTyped(BIRTH, '2020-01-01', { lang: 'fr', today: TODAY }).mistake.key, 'form.bounds');
});

test('years in a job become days, and what does not apply is empty', () => {
  assert.equal(readTyped(JOB, '2,5', { lang: 'fr' }).value, -913);
  assert.equal(typedOf(JOB, -913, { lang: 'fr' }), '2,5');
  assert.equal(typedOf(JOB, 365_243, { lang: 'en' }), '');
});

test('bounds are told in the unit that is asked for', () => {
  assert.deepEqual(readTyped(AMOUNT, '0', { lang: 'en' }).mistake, {
    key: 'form.bounds',
    values: [1, 1_000_000_000],
  });
  const [least, most] = boundsOf(BIRTH);
  assert.ok(Math.abs(least - 17.99) < 0.01 && Math.abs(most - 100) < 0.01);
});

test('whole numbers, choices and flags are what the contract wants', () => {
  const children = field({ type: 'integer', minimum: 0, maximum: 50 });
  assert.equal(readTyped(children, '1.5', { lang: 'en' }).mistake.key, 'form.whole');
  assert.equal(readTyped(children, '2', { lang: 'en' }).value, 2);
  assert.equal(readTyped(children, 'two', { lang: 'en' }).mistake.key, 'form.number');
  assert.equal(readTyped(field({ type: 'flag' }), '1', { lang: 'en' }).value, 1);
  assert.equal(readTyped(field({ type: 'category' }), 'Working', { lang: 'en' }).value, 'Working');
});

test('what is written for a value is read back as that value', () => {
  for (const lang of ['fr', 'en'])
    for (const value of [1, 24_826.5, 180_000, 1_000_000_000, 1234.5678])
      assert.equal(
        readTyped(AMOUNT, typedOf(AMOUNT, value, { lang }), { lang }).value,
        value,
        `${lang} ${value}`,
      );
});
