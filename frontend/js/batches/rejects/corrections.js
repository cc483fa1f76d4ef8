/**
 * What can be done to a field, or to all fields of a group alike: text -> text as the contract reads it. Pure.
 *
 * @typedef {(text: string) => string | null} Correction null where it cannot be applied
 */
import { causeOf } from '../table/cell-rules.js';
import { PLAIN, plainNumber, valueOf } from '../table/numbers.js';
import { otherConvention } from './sheet.js';

const DAY_MS = 86_400_000;
/** In this order they are offered. */
const NUMBERS = [
  'convention',
  'thousands',
  'decimals',
  'dates',
  'sign',
  'by100',
  'by1000',
  'times100',
  'times1000',
  'whole',
];
const FACTORS = { sign: -1, by100: 0.01, by1000: 0.001, times100: 100, times1000: 1000 };
/** Causes of which a factor is worth a try. */
const SCALED = {
  out_of_range: ['sign', 'by100', 'by1000', 'times100', 'times1000'],
  not_integer: ['times100', 'times1000', 'whole'],
};

/**
 * @param {string} name of the correction
 * @param {{numbers: import('../table/numbers.js').Numbers, receivedAt: string}} context
 * @param {string} [value] the category, where it is one
 * @returns {Correction}
 */
export function correctionOf(name, { numbers, receivedAt }, value = '') {
  switch (name) {
    case 'convention':
      return (text) => plainNumber(text, otherConvention(numbers));
    case 'thousands':
      return (text) => plainNumber(text.replaceAll(numbers.doubtful, ''), PLAIN);
    case 'decimals':
      return (text) => plainNumber(text, { ...PLAIN, decimal: numbers.doubtful });
    case 'dates':
      return (text) => daysOf(text, receivedAt);
    case 'whole':
      return (text) => onValue(plainNumber(text, numbers), Math.round);
    case 'empty':
      return () => '';
    case 'category':
      return () => value;
    default:
      return (text) => onValue(plainNumber(text, numbers), (value) => value * FACTORS[name]);
  }
}

/**
 * Those by which at least one field of a group becomes right, and of how many.
 *
 * @param {import('./groups.js').Group} group
 * @param {{rules: import('../table/cell-rules.js').Rules, numbers: any, receivedAt: string}} context
 * @returns {{name: string, value?: string, count: number}[]}
 */
export function offered(group, context) {
  const { rules } = context;
  const field = rules.fields.get(group.column);
  /** @type {{name: string, value?: string}[]} */
  const tried = candidates(group, field, rules).map((name) => ({ name }));
  const meant = group.cause === 'unknown_category' ? categoryMeant(field, group.shape) : undefined;
  return [...(meant === undefined ? [] : [{ name: 'category', value: meant }]), ...tried]
    .map((each) => ({
      ...each,
      count: countRight(group, correctionOf(each.name, context, each.value), rules),
    }))
    .filter(({ count }) => count > 0);
}

/** The category whose value or words are a text's own letters: "salarié" is Working. */
function categoryMeant(field, text) {
  const sent = lettersOf(text);
  return field?.options.find(({ value, label }) =>
    [value, ...Object.values(label)].some((words) => lettersOf(words) === sent),
  )?.value;
}

function lettersOf(text) {
  return text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

function candidates({ column, cause }, field, rules) {
  const empty = field && !field.required && field.type !== 'id' ? ['empty'] : [];
  if (!rules.isNumber(column)) return empty;
  if (cause === 'wrong_type') return [NUMBERS[0], ...(field?.unit === 'days' ? ['dates'] : []), ...empty];
  if (cause === 'doubtful_number') return ['thousands', 'decimals', ...empty];
  return [...(SCALED[cause] ?? []), ...empty];
}

function countRight({ cells, column }, correct, rules) {
  let count = 0;
  for (const { problem } of cells) {
    if (problem.isSolved) continue;
    const text = correct(problem.text);
    if (text !== null && causeOf(rules, column, text) === '') count += 1;
  }
  return count;
}

function onValue(plain, change) {
  const value = valueOf(plain);
  // Fifteen digits: 0.29 * 100 is 29.
  return value === null || !Number.isFinite(value) ? null : String(Number(change(value).toPrecision(15)));
}

/** Days from a file's day to a date, written 1985-03-12 or 12/03/1985. */
function daysOf(text, receivedAt) {
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? Date.parse(`${iso}T00:00Z`) : NaN;
  const from = Date.parse(`${receivedAt.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso) return null;
  return String(Math.round((at - from) / DAY_MS));
}
