/**
 * Numbers, dates and units as people of each language write them. Pure: no page, no network.
 *
 * @typedef {'fr' | 'en'} Lang
 * @typedef {{name: string, label: Record<Lang, string>, family: string, unit: string, type?: string}} Column
 */

import { frenchSpaces } from './typography.js';

const LOCALES = { fr: 'fr-FR', en: 'en-GB' };
const DAYS_PER_YEAR = 365.25;
/** In the data a DAYS_ column says "does not apply" with this number. */
export const NO_DAYS = 365243;

const WORDS = {
  fr: { missing: 'non renseigné', none: 'sans objet', yes: 'oui', no: 'non' },
  en: { missing: 'not given', none: 'does not apply', yes: 'yes', no: 'no' },
};

/**
 * The formats of one language. Making them is slow, so the caller keeps them (see language.js).
 *
 * @param {Lang} lang
 * @param {{currency?: string, categories?: Record<string, string>}} [options] categories: raw category -> text
 */
export function createFormat(lang, { currency = 'EUR', categories = {} } = {}) {
  const locale = LOCALES[lang];
  const number = (options) => new Intl.NumberFormat(locale, options);
  const date = (options) => new Intl.DateTimeFormat(locale, options);
  const plain = number({ maximumFractionDigits: 3 });
  const signed = number({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const fine = number({ minimumFractionDigits: 4, maximumFractionDigits: 4, signDisplay: 'exceptZero' });
  const money = number({ style: 'currency', currency, maximumFractionDigits: 0 });
  const percent = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const wholePercent = number({ style: 'percent', maximumFractionDigits: 0 });
  const dateTime = date({ dateStyle: 'medium', timeStyle: 'short' });
  const day = date({ dateStyle: 'long' });
  const points = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signedPoints = number({
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const time = date({ timeStyle: 'short' });
  const sign = money.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
  const format = {
    lang,
    currencySign: sign,
    /** Shares of probability, in points. */
    points: (share) => points.format(share * 100),
    signedPoints: (share) => signedPoints.format(share * 100).replace('-', '\u2212'),
    /** A probability as so many of a hundred, or of a thousand where that would be none. */
    oneIn: (pd) => (pd < 0.01 ? [Math.round(pd * 1000), 1000] : [Math.round(pd * 100), 100]),
    time: (value) => (isDate(value) ? time.format(new Date(value)) : '—'),
    number: (value) => plain.format(value),
    signed: (value) => signed.format(value).replace('-', '\u2212'),
    /** A difference of figures that are near each other. */
    signedFine: (value) => fine.format(value).replace('-', '\u2212'),
    money: (value) => money.format(value),
    percent: (value) => percent.format(value),
    wholePercent: (value) => wholePercent.format(value),
    bytes: (value) => formatBytes(number, value),
    date: (value) => (isDate(value) ? day.format(new Date(value)) : '—'),
    dateTime: (value) => (isDate(value) ? dateTime.format(new Date(value)) : '—'),
    duration: (days) => formatDuration(number, days),
  };
  const said = lang === 'fr' ? frenchSpaces : (text) => text;
  return {
    ...format,
    value: (value, column) => said(formatValue(format, WORDS[lang], categories, value, column)),
  };
}

/**
 * One value of the contract in words.
 *
 * @param {any} value null or undefined when missing
 * @param {Partial<Column>} [column]
 */
function formatValue(format, words, categories, value, column = {}) {
  if (value === null || value === undefined || value === '') return words.missing;
  if (typeof value === 'string') return categories[value] ?? value;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (column.type === 'flag' || column.unit === '') return value ? words.yes : words.no;
  if (column.unit === 'currency') return format.money(value);
  if (column.unit === 'days') return value === NO_DAYS ? words.none : format.duration(value);
  // What was early is told from what was late.
  if (column.unit === 'signed_days') return `${value < 0 ? '\u2212' : ''}${format.duration(value)}`;
  if (column.unit === 'years') return format.duration(value * DAYS_PER_YEAR);
  return format.number(value);
}

/** Days (the data counts them backwards) in the unit that a person would use. */
function formatDuration(number, days) {
  const count = Math.abs(days);
  const unit = (name, value, digits) =>
    number({ style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: digits }).format(value);
  if (count < 60) return unit('day', count, 0);
  if (count < DAYS_PER_YEAR) return unit('month', (count / DAYS_PER_YEAR) * 12, 0);
  const years = count / DAYS_PER_YEAR;
  return years < 15 ? unit('year', years, 1) : unit('year', Math.floor(years), 0);
}

function formatBytes(number, value) {
  const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), steps.length - 1);
  const options = {
    style: 'unit',
    unit: steps[power],
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: power ? 1 : 0,
  };
  return number(options).format(value / 1000 ** power);
}

function isDate(value) {
  return value !== null && value !== undefined && value !== '' && !Number.isNaN(new Date(value).getTime());
}

/**
 * The label of a column; "Age (in days)" loses its parenthesis because the page shows years.
 *
 * @param {{label?: Record<Lang, string>, unit?: string, name?: string, feature?: string}} column
 * @param {Lang} lang
 */
export function labelOf(column, lang) {
  const label = column.label?.[lang] || column.name || column.feature || '';
  return column.unit === 'days' ? label.replace(/\s*\((?:en jours|in days)\)$/i, '') : label;
}
