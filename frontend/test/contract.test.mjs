import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boundsOf, kindOf, readNumber, readTyped, retyped, typedOf } from '../js/core/contract.js';
import { LANGUAGES } from '../js/core/language.js';

const TODAY = new Date('2026-11-27T10:00:00Z');
const field = (given) => ({
  name: 'A', type: 'number', unit: '', role: '', minimum: null, maximum: null, sentinel: null, required: false, options: [], ...given,
}); // prettier-ignore
const AMOUNT = field({ unit: 'currency', minimum: 1, maximum: 1_000_000_000 });
const BIRTH = field({ type: 'integer', unit: 'days', role: 'birth', minimum: -36_525, maximum: -6_570 });
const JOB = field({ type: 'integer', unit: 'days', minimum: -36_525, maximum: 0, sentinel: 365_243 });
const SCORE = field({ unit: 'score', minimum: 0, maximum: 1 });
const CHILDREN = field({ type: 'integer', unit: 'count', minimum: 0, maximum: 50 });
const RATING = field({ type: 'integer', unit: 'score', minimum: 1, maximum: 3, sentinel: -1 });

const zone = process.env.TZ;
after(() => inZone(zone));

function inZone(name) {
  if (name === undefined) delete process.env.TZ;
  else process.env.TZ = name;
}

function numbersAre(lang, expected) {
  for (const [text, value] of Object.entries(expected)) assert.equal(readNumber(text, lang), value, text);
}

test('French numbers: a comma for decimals, spaces or points between thousands', () => {
  numbersAre('fr', {
    '180 000': 180_000,
    '1\u202f234,5': 1234.5,
    '1\u00a0234,5': 1234.5,
    '1.234,5': 1234.5,
    '1.234.567': 1_234_567,
    '180.000': 180_000,
    '0,52': 0.52,
    ',5': 0.5,
    '-3': -3,
    '+3': 3,
  });
});

test('English numbers: a point for decimals, commas or spaces between thousands', () => {
  numbersAre('en', {
    '180,000': 180_000,
    '180 000': 180_000,
    '1,234.5': 1234.5,
    '1,234,567.89': 1_234_567.89,
    '1’234’567': 1_234_567,
    0.52: 0.52,
    '.5': 0.5,
    '-3': -3,
  });
});

test('the other language’s mark for decimals is understood where it can be nothing else', () => {
  numbersAre('fr', { 1.5: 1.5, 0.523: 0.523, 0.262948: 0.262948, 24826.5: 24_826.5 });
  numbersAre('en', { '1,5': 1.5, '0,523': 0.523, '2,25': 2.25, '0,262948': 0.262948 });
});

test('a number that is written in neither way is none, rather than another one', () => {
  for (const text of [
    '',
    ' ',
    'abc',
    '12 mois',
    '1e9',
    '1,2,3x',
    '--1',
    '1.2.3',
    '1,2,3',
    '12%',
    '0x10',
    '.',
  ])
    for (const lang of LANGUAGES) assert.equal(readNumber(text, lang), null, `${lang} ${text}`);
  for (const text of ['1,234.5', '12345.678', '24 826.500']) assert.equal(readNumber(text, 'fr'), null, text);
  for (const text of ['1.234,5', '12345,678', '24 826,500']) assert.equal(readNumber(text, 'en'), null, text);
});

test('each kind of field is asked for in its own way', () => {
  const kinds = [
    [AMOUNT, 'amount'],
    [BIRTH, 'date'],
    [JOB, 'years'],
    [SCORE, 'number'],
    [field({ type: 'category' }), 'choice'],
    [field({ type: 'flag' }), 'yesno'],
    [field({ type: 'id' }), 'text'],
  ];
  for (const [each, kind] of kinds) assert.equal(kindOf(each), kind);
});

test('what is empty is missing, and wrong only where it is needed', () => {
  for (const nothing of ['', '  ', undefined, null]) {
    assert.deepEqual(readTyped(AMOUNT, nothing, { lang: 'fr' }), {});
    assert.deepEqual(readTyped({ ...AMOUNT, required: true }, nothing, { lang: 'fr' }), {
      mistake: { key: 'form.required', values: [] },
    });
  }
  for (const nothing of [null, undefined]) assert.equal(typedOf(AMOUNT, nothing, { lang: 'fr' }), '');
});

test('a date of birth becomes days counted backwards, and back', () => {
  const { value } = readTyped(BIRTH, '1985-03-04', { lang: 'fr', today: TODAY });
  assert.equal(value, -15_243);
  assert.equal(typedOf(BIRTH, value, { lang: 'fr', today: TODAY }), '1985-03-04');
  assert.equal(
    readTyped(BIRTH, '1985-02-30x', { lang: 'fr', today: TODAY }).mistake.key,
    'form.number',
    'what is no date is not read as one',
  );
});

test('who is too young or too old for a loan is told so, in years', () => {
  for (const day of ['2020-01-01', '1900-01-01', '2030-01-01']) {
    const { mistake } = readTyped(BIRTH, day, { lang: 'fr', today: TODAY });
    assert.equal(mistake.key, 'form.bounds', day);
    assert.deepEqual(
      mistake.values.map((years) => Math.round(years * 10) / 10),
      [18, 100],
    );
  }
});

test('a date of birth is the same day at every hour, here and overseas', () => {
  for (const name of ['Europe/Paris', 'Pacific/Noumea', 'America/Martinique', 'Indian/Reunion', 'UTC']) {
    inZone(name);
    for (const month of ['01', '07'])
      for (let hour = 0; hour < 24; hour += 1) {
        const today = new Date(2026, Number(month) - 1, 15, hour, 30);
        for (const day of ['1985-01-20', '1985-07-20']) {
          const { value } = readTyped(BIRTH, day, { lang: 'fr', today });
          const expected = (Date.parse(day) - Date.parse(`2026-${month}-15`)) / 86_400_000;
          assert.equal(value, expected, `${name} ${month} ${hour}:30, ${day}`);
          assert.equal(typedOf(BIRTH, value, { lang: 'fr', today }), day, `${name} ${month} ${hour}:30`);
        }
      }
  }
});

test('years in a job become days, in either language', () => {
  assert.equal(readTyped(JOB, '2,5', { lang: 'fr' }).value, -913);
  assert.equal(readTyped(JOB, '2.5', { lang: 'en' }).value, -913);
  assert.equal(typedOf(JOB, -913, { lang: 'fr' }), '2,5');
  assert.equal(typedOf(JOB, -913, { lang: 'en' }), '2.5');
  assert.equal(readTyped(JOB, 'two', { lang: 'en' }).mistake.key, 'form.number');
  assert.equal(readTyped(JOB, '-2', { lang: 'en' }).mistake.key, 'form.bounds');
});

test('who began today has worked for no years: zero, never minus zero', () => {
  assert.ok(Object.is(readTyped(JOB, '0', { lang: 'fr' }).value, 0));
  assert.equal(typedOf(JOB, 0, { lang: 'fr' }), '0');
  assert.equal(typedOf(JOB, -10, { lang: 'en' }), '0');
  assert.ok(Object.is(boundsOf(JOB)[0], 0));
});

test('a number that stands for “does not apply” is empty, whatever the field', () => {
  for (const lang of LANGUAGES) {
    assert.equal(typedOf(JOB, 365_243, { lang }), '');
    assert.equal(typedOf(RATING, -1, { lang }), '');
    assert.equal(typedOf(RATING, 2, { lang }), '2');
  }
});

test('bounds are told in the unit that is asked for', () => {
  const mistake = { key: 'form.bounds', values: [1, 1_000_000_000] };
  assert.deepEqual(readTyped(AMOUNT, '0', { lang: 'en' }).mistake, mistake);
  assert.deepEqual(readTyped(AMOUNT, '1,000,000,001', { lang: 'en' }).mistake, mistake);
  assert.equal(readTyped(AMOUNT, '1', { lang: 'en' }).value, 1);
  assert.equal(readTyped(AMOUNT, '1,000,000,000', { lang: 'en' }).value, 1_000_000_000);
  assert.deepEqual(boundsOf(JOB), [0, 100]);
  assert.deepEqual(boundsOf(field({ unit: 'days', minimum: null, maximum: 0 })), [0, null]);
  assert.deepEqual(boundsOf(field({})), [null, null]);
});

test('whole numbers, choices, flags and ids are what the contract wants', () => {
  assert.equal(readTyped(CHILDREN, '1.5', { lang: 'en' }).mistake.key, 'form.whole');
  assert.equal(readTyped(CHILDREN, '2', { lang: 'en' }).value, 2);
  assert.equal(readTyped(CHILDREN, '2,0', { lang: 'fr' }).value, 2);
  assert.equal(readTyped(CHILDREN, 'two', { lang: 'en' }).mistake.key, 'form.number');
  assert.equal(readTyped(CHILDREN, '51', { lang: 'en' }).mistake.key, 'form.bounds');
  assert.equal(readTyped(field({ type: 'flag' }), '1', { lang: 'en' }).value, 1);
  assert.equal(readTyped(field({ type: 'flag' }), '0', { lang: 'en' }).value, 0);
  assert.equal(readTyped(field({ type: 'category' }), 'Working', { lang: 'en' }).value, 'Working');
  assert.equal(readTyped(field({ type: 'id' }), ' 00123 ', { lang: 'en' }).value, '00123');
});

test('what is written for a value is read back as that value', () => {
  const values = [
    [AMOUNT, [1, 24_826.5, 180_000, 1_000_000_000, 1234.5678, 1234.567]],
    [SCORE, [0, 0.5, 0.523, 0.262948, 1]],
    [CHILDREN, [0, 2, 50]],
    [field({ type: 'flag' }), [0, 1]],
    [field({ type: 'category' }), ['Working']],
    [field({ type: 'id' }), ['00123']],
    [BIRTH, [-6_570, -15_243, -36_525]],
  ];
  for (const lang of LANGUAGES)
    for (const [each, own] of values)
      for (const value of own) {
        const typed = typedOf(each, value, { lang, today: TODAY });
        assert.deepEqual(readTyped(each, typed, { lang, today: TODAY }), { value }, `${lang} ${typed}`);
      }
});

test('years are written to a tenth: what is read back is written the same, at most 18 days away', () => {
  for (const lang of LANGUAGES)
    for (let days = 0; days >= -36_525; days -= 97) {
      const typed = typedOf(JOB, days, { lang });
      const { value } = readTyped(JOB, typed, { lang });
      assert.ok(Math.abs(value - days) <= 19, `${lang} ${days} ${typed} ${value}`);
      assert.equal(typedOf(JOB, value, { lang }), typed);
    }
});

test('a number that was typed in one language is written in the other, a mistake and a choice stay', () => {
  assert.equal(retyped(AMOUNT, '250,000', 'en', 'fr').replace(/\s/g, ' '), '250 000');
  assert.equal(retyped(AMOUNT, '1 234,5', 'fr', 'en'), '1,234.5');
  assert.equal(retyped(JOB, '3.25', 'en', 'fr'), '3,25');
  assert.equal(retyped(AMOUNT, 'much', 'en', 'fr'), 'much');
  assert.equal(retyped(BIRTH, '1985-03-04', 'en', 'fr'), '1985-03-04');
  assert.equal(retyped(AMOUNT, '', 'en', 'fr'), '');
});
