import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_DAYS, createFormat, labelOf } from '../js/core/format.js';

const fr = createFormat('fr', { categories: { Working: 'Salarié' } });
const en = createFormat('en');

/** Intl separates with several kinds of space; which one is a matter of type, not of meaning. */
const plain = (text) => text.replace(/\s/g, ' ');

test('a risk is a percentage with one decimal, the French way and the English way', () => {
  assert.equal(plain(fr.percent(0.1423)), '14,2 %');
  assert.equal(plain(en.percent(0.1423)), '14.2%');
});

test('money has its currency and no cents', () => {
  assert.equal(plain(fr.money(41250)), '41 250 €');
  assert.equal(plain(en.money(41250)), '€41,250');
  assert.equal(plain(createFormat('en', { currency: 'CZK' }).money(41250)), 'CZK 41,250');
});

test('a contribution always shows its sign, with a true minus', () => {
  assert.equal(en.signed(0.1234), '+0.12');
  assert.equal(fr.signed(-0.1234), '\u22120,12');
  assert.equal(en.signed(0), '0.00');
});

test('days counted backwards are shown as years, months or days', () => {
  const days = (value) => plain(en.value(value, { unit: 'days' }));
  assert.equal(days(-9512), '26 years');
  assert.equal(days(-655), '1.8 years');
  assert.equal(days(-120), '4 months');
  assert.equal(days(-12), '12 days');
});

test('days that count either way keep their sign', () => {
  const days = (value) => plain(en.value(value, { unit: 'signed_days' }));
  assert.equal(days(-5), '\u22125 days');
  assert.equal(days(5), '5 days');
  assert.equal(days(-655), '\u22121.8 years');
});

test('the day before a birthday is not yet a year more', () => {
  assert.equal(plain(en.value(-Math.floor(26.99 * 365.25), { unit: 'days' })), '26 years');
});

test('the number of days that stands for no job is words, not a thousand years', () => {
  assert.equal(en.value(NO_DAYS, { unit: 'days' }), 'does not apply');
  assert.equal(fr.value(NO_DAYS, { unit: 'days' }), 'sans objet');
});

test('a missing value is never a zero', () => {
  for (const missing of [null, undefined, ''])
    assert.equal(en.value(missing, { unit: 'currency' }), 'not given');
  assert.equal(plain(en.value(0, { unit: 'currency' })), '€0');
});

test('flags are yes or no, categories are words, unknown categories stay as they are', () => {
  assert.equal(fr.value(1, { type: 'flag', unit: '' }), 'oui');
  assert.equal(en.value(0, { unit: '' }), 'no');
  assert.equal(fr.value('Working', {}), 'Salarié');
  assert.equal(fr.value('Astronaut', {}), 'Astronaut');
});

test('a value of a column that is not known is shown as a number', () => {
  assert.equal(en.value(1.14583), '1.146');
});

test('dates are written out; what is no date is a dash', () => {
  assert.equal(fr.date('2026-11-03T09:15:00Z'), '3 novembre 2026');
  assert.equal(en.date(undefined), '—');
  assert.equal(en.dateTime('yesterday'), '—');
});

test('sizes of files are in the unit that fits', () => {
  assert.equal(plain(en.bytes(4_200_000)), '4.2 MB');
  assert.equal(plain(fr.bytes(4_200_000)), '4,2 Mo');
  assert.equal(plain(en.bytes(0)), '0 bytes');
});

test('a label loses its unit of days, because the page shows years', () => {
  const column = { label: { fr: 'Âge (en jours)', en: 'Age (in days)' }, unit: 'days' };
  assert.equal(labelOf(column, 'fr'), 'Âge');
  assert.equal(labelOf(column, 'en'), 'Age');
  assert.equal(labelOf({ name: 'NEW_COLUMN' }, 'en'), 'NEW_COLUMN');
});

test('points of probability have one decimal, and a true minus where they have a sign', () => {
  assert.equal(en.points(0.0734), '7.3');
  assert.equal(fr.points(0.0734), '7,3');
  assert.equal(en.signedPoints(0.0734), '+7.3');
  assert.equal(fr.signedPoints(-0.0734), '\u22127,3');
  assert.equal(en.signedPoints(0), '0.0');
  assert.equal(en.signedPoints(-0.0001), '0.0', 'what is rounded away has no sign');
});

test('a risk is told as so many of a hundred, of a thousand where that would be none', () => {
  assert.deepEqual(en.oneIn(0.084), [8, 100]);
  assert.deepEqual(en.oneIn(0.01), [1, 100]);
  assert.deepEqual(en.oneIn(0.004), [4, 1000]);
});

test('a share of a whole has no decimals', () => {
  assert.equal(plain(fr.wholePercent(0.426)), '43 %');
  assert.equal(en.wholePercent(0.426), '43%');
});

test('years counted as such are years, too', () => {
  assert.equal(plain(en.value(12, { unit: 'years' })), '12 years');
  assert.equal(plain(fr.value(1, { unit: 'years' })), '1 an');
});

test('yes and no are words whether they come as a number or as a truth', () => {
  assert.equal(fr.value(true, {}), 'oui');
  assert.equal(en.value(false, {}), 'no');
});

test('a time of day is that of where the page is, a dash where there is none', () => {
  assert.match(en.time('2026-11-03T09:15:00Z'), /^\d\d:\d\d$/);
  for (const nothing of [null, undefined, '', 'soon']) {
    assert.equal(en.time(nothing), '—');
    assert.equal(en.date(nothing), '—');
  }
});

test('every size has its unit, to the largest that a page would show', () => {
  assert.equal(plain(en.bytes(1)), '1 byte');
  assert.equal(plain(en.bytes(999)), '999 bytes');
  assert.equal(plain(en.bytes(1500)), '1.5 kB');
  assert.equal(plain(en.bytes(2_500_000_000_000)), '2,500 GB');
});

test('each currency has its sign, as an amount is written and beside a field', () => {
  assert.equal(fr.currencySign, '€');
  assert.equal(createFormat('en', { currency: 'GBP' }).currencySign, '£');
  assert.equal(plain(createFormat('fr', { currency: 'GBP' }).money(1)), '1 £GB');
});

test('a label that only one language has is not taken from the other', () => {
  assert.equal(labelOf({ label: { fr: '', en: 'Age' }, feature: 'DAYS_BIRTH' }, 'fr'), 'DAYS_BIRTH');
  assert.equal(
    labelOf({ label: { fr: 'Âge (en jours)', en: 'Age' }, unit: 'years' }, 'fr'),
    'Âge (en jours)',
  );
  assert.equal(labelOf({}, 'fr'), '');
});
