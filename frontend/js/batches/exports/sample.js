/**
 * A sample file and the list of its columns, made of the contract: no person is in it. Pure.
 *
 * @typedef {import('../../core/contract.js').Field} Field
 */
import { labelOf } from '../../core/format.js';

/** Amounts that go together, by what a column is to an application. */
const BY_ROLE = {
  income: [36_000, 24_000, 54_000],
  credit: [12_000, 7_500, 20_000],
  annuity: [3_000, 2_500, 4_000],
  goods_price: [11_000, 7_000, 18_000],
  birth: [-14_610, -12_053, -18_263],
  external_score: [0.52, 0.61, 0.47],
};
const ROWS = 3;
const LONG_AGO = -1_000;

/** @param {Field[]} fields @param {string} title @returns {import('./sheet.js').OutSheet} */
export function sampleSheet(fields, title) {
  const rows = Array.from({ length: ROWS }, (_, n) => fields.map((field) => exampleOf(field, n)));
  return {
    title,
    columns: fields.map(({ name, type }) => ({ name, isNumber: !['id', 'category'].includes(type) })),
    rows,
  };
}

/** What may stand in a field; null where a made-up value would say something about somebody. */
export function exampleOf(/** @type {Field} */ { type, unit, role, minimum, options }, n = 0) {
  if (type === 'id') return `EXAMPLE-${n + 1}`;
  if (role in BY_ROLE) return BY_ROLE[role][n];
  if (type === 'category') return options[n % Math.min(2, options.length)].value;
  if (type === 'flag') return 0;
  if (unit === 'days') return LONG_AGO;
  if (unit === 'count' && minimum !== null) return minimum;
  return null;
}

/**
 * @param {Field[]} fields
 * @param {{t: (key: string) => string, lang: 'fr' | 'en', wordFor: (kind: string, code: string) => string}} language
 * @param {string} title
 * @returns {import('./sheet.js').OutSheet}
 */
export function columnSheet(fields, { t, lang, wordFor }, title) {
  const heads = ['name', 'label', 'kind', 'unit', 'needed', 'least', 'most', 'values', 'example'];
  return {
    title,
    columns: heads.map((head) => ({ name: t(`columns.${head}`) })),
    rows: fields.map((field) => [
      field.name,
      labelOf(field, lang),
      t(`columns.kind.${field.type}`),
      field.unit ? wordFor('columns.unit', field.unit) : null,
      t(field.required ? 'form.yes' : 'form.no'),
      field.minimum,
      field.maximum,
      valuesOf(field, lang),
      exampleOf(field),
    ]),
  };
}

function valuesOf({ options, sentinel }, lang) {
  if (options.length > 0)
    return options
      .map(({ value, label }) => (label[lang] === value ? value : `${value} (${label[lang]})`))
      .join(' | ');
  return sentinel === null ? null : String(sentinel);
}
