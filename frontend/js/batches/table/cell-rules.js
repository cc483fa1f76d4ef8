/**
 * What is wrong with one field of a table, by the contract's own rules; see GET /contract. Pure.
 *
 * @typedef {import('../../core/contract.js').Field} Field
 * @typedef {{fields: Map<string, Field>, isNothing: (text: string) => boolean, isId: (text: string) => boolean,
 *   isNumber: (name: string) => boolean, isKnown: (name: string) => boolean, named: (sent: string) => string}} Rules
 *   named : as which column a header is read; itself where it is none
 */
import { valueOf } from './numbers.js';

const WHOLE = ['integer', 'flag'];
const rulesOf = new WeakMap();

/** @param {{fields: Field[], tables: {nothing: string[], id_pattern: string, other_columns: {name: string, label: Record<string, string>}[]}}} contract @returns {Rules} */
export function makeRules(contract) {
  if (!rulesOf.has(contract)) rulesOf.set(contract, makeAnew(contract));
  return rulesOf.get(contract);
}

function makeAnew({ fields: list, tables }) {
  const fields = new Map(list.map((field) => [field.name, field]));
  const nothing = new Set(['', ...tables.nothing]);
  const id = new RegExp(`^(?:${tables.id_pattern})$`);
  const others = new Set(tables.other_columns.map(({ name }) => name));
  const known = namesOf([...list, ...tables.other_columns]);
  return {
    fields,
    isNothing: (text) => nothing.has(text.trim().toLowerCase()),
    isId: (text) => id.test(text),
    isNumber: (name) =>
      fields.has(name) ? !['id', 'category'].includes(fields.get(name).type) : others.has(name),
    isKnown: (name) => fields.has(name) || others.has(name),
    named: (sent) => known.get(keyOf(sent)) ?? sent.trim(),
  };
}

/** Names, and labels that only one column has. */
function namesOf(fields) {
  const counts = new Map();
  const labels = fields.flatMap(({ name, label }) =>
    [...new Set(Object.values(label))].map((text) => [keyOf(text), name]),
  );
  for (const [key] of labels) counts.set(key, (counts.get(key) ?? 0) + 1);
  const names = fields.map(({ name }) => [keyOf(name), name]);
  return new Map([...labels.filter(([key]) => counts.get(key) === 1), ...names]);
}

/** A name's letters and digits, without case and accents. */
function keyOf(name) {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

/**
 * @param {Rules} rules
 * @param {string} name of the column
 * @param {string} text a number in it with a decimal point alone
 * @returns {string} cause of the rejection; "" where there is none
 */
export function causeOf(rules, name, text) {
  const field = rules.fields.get(name);
  if (!field) return rules.isNumber(name) && !isNumberOrNothing(rules, text) ? 'wrong_type' : '';
  if (field.type === 'id') return idCause(rules, text);
  if (field.type === 'category') return categoryCause(rules, field, text);
  const value = valueOf(text);
  if (value === null) return rules.isNothing(text) ? missing(field) : 'wrong_type';
  if (value === field.sentinel) return '';
  if (!Number.isFinite(value)) return 'not_finite';
  if (WHOLE.includes(field.type) && !Number.isInteger(value)) return 'not_integer';
  const { minimum, maximum } = field;
  return (minimum !== null && value < minimum) || (maximum !== null && value > maximum) ? 'out_of_range' : '';
}

function isNumberOrNothing(rules, text) {
  return valueOf(text) !== null || rules.isNothing(text);
}

function idCause(rules, text) {
  const id = text.trim();
  if (rules.isId(id)) return '';
  return id === '' ? 'missing' : 'wrong_type';
}

function categoryCause(rules, field, text) {
  const value = text.trim();
  if (field.options.some((option) => option.value === value)) return '';
  return rules.isNothing(value) ? missing(field) : 'unknown_category';
}

function missing(field) {
  return field.required ? 'missing' : '';
}
