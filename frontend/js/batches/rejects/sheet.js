/**
 * A rejects file as a sheet: every rejected row, and each of its fields that breaks the contract. Pure.
 *
 * The text stays as it came, and rows are cut out of it when they are shown or sent: 50,000 rows of
 * 122 columns would else be six million texts.
 *
 * @typedef {{column: string, cause: string, text: string, shape: string, isSolved: boolean}} Problem
 *   column : "" for the row as a whole; text : a number with a decimal point, if it is one
 *   shape : what the group has in common beside the cause
 * @typedef {{place: number, line: string, id: string, start: number, end: number, problems: Problem[],
 *   edits: Map<string, string>, rewritten: string[] | null, isLeft: boolean, isConfirmed: boolean}} Row
 *   edits : column -> text as the contract reads it; rewritten : the sender's fields, written anew
 * @typedef {{names: string[], own: number, delimiter: string, text: string, rows: Row[],
 *   rules: import('../table/cell-rules.js').Rules, numbers: import('../table/numbers.js').Numbers}} Sheet
 *   names : of all columns as they came; own : where the sender's begin
 */
import { causeOf } from '../table/cell-rules.js';
import { asSent, fieldsOf, recordSpans } from '../table/csv.js';
import { PLAIN, isDoubtful, plainNumber, valueOf } from '../table/numbers.js';

export const REJECT = [
  'reject_line', 'reject_column', 'reject_value', 'reject_cause', 'reject_message', 'reject_of',
  'reject_check', 'reject_confirm',
]; // prettier-ignore
/** Rows that may be right as they are: their sender can stand by them. */
const DOUBTFUL = ['torn', 'duplicate_id'];
/** Rows that are none of the header's. */
const FORM = [
  'wrong_field_count', 'bad_quotes', 'too_long', 'preamble', 'repeated_header', 'other_table',
]; // prettier-ignore
const DATE = /^(?:\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})$/;

/**
 * @param {string} text of rejects.csv
 * @param {{dialect: {delimiter: string, decimal: string, grouping?: string, doubtful?: string},
 *   rules: import('../table/cell-rules.js').Rules, repaired: Set<number>}} options
 *   repaired : lines that another file has repaired since; they are left out
 * @returns {Sheet}
 */
export function readSheet(text, { dialect, rules, repaired }) {
  const spans = recordSpans(text);
  const [start, end] = spans.next().value ?? [0, 0];
  const names = (fieldsOf(text.slice(start, end), dialect.delimiter) ?? []).map((name) =>
    asSent(name.trim()),
  );
  const own = REJECT.findIndex((name, place) => names[place] !== name);
  /** @type {Sheet} */
  const sheet = {
    names,
    own: own < 0 ? REJECT.length : own,
    delimiter: dialect.delimiter,
    text,
    rows: [],
    rules,
    numbers: { decimal: dialect.decimal, grouping: dialect.grouping, doubtful: dialect.doubtful },
  };
  const columns = columnsOf(sheet);
  for (const [from, to] of spans) {
    const fields = fieldsOf(text.slice(from, to), sheet.delimiter);
    if (fields === null || repaired.has(Number(fields[0]))) continue;
    sheet.rows.push(readRow(sheet, columns, fields, from, to));
  }
  return sheet;
}

/** The sender's columns, as they are read: place -> name. */
export function columnsOf({ names, own, rules }) {
  return names.slice(own).map((name) => rules.named(name));
}

/** What the service said of a row. */
export function toldOf({ text, delimiter }, { start, end }) {
  const fields = fieldsOf(text.slice(start, end), delimiter) ?? [];
  return Object.fromEntries(REJECT.map((name, place) => [name, asSent(fields[place] ?? '')]));
}

/** The sender's fields of a row as they came, or as they were written anew. */
export function sentFields(sheet, row) {
  if (row.rewritten) return row.rewritten;
  const fields = fieldsOf(sheet.text.slice(row.start, row.end), sheet.delimiter) ?? [];
  return fields.slice(sheet.own).map((field) => asSent(field.trim()));
}

function readRow(sheet, columns, fields, start, end) {
  const told = (name) => asSent((fields[REJECT.indexOf(name)] ?? '').trim());
  const own = fields.slice(sheet.own).map((field) => asSent(field.trim()));
  const idPlace = columns.findIndex((name) => sheet.rules.fields.get(name)?.type === 'id');
  return {
    place: sheet.rows.length,
    line: told('reject_line'),
    id: FORM.includes(told('reject_cause')) ? '' : (own[idPlace] ?? ''),
    start,
    end,
    problems: problemsOf(sheet, columns, own, {
      cause: told('reject_cause'),
      column: told('reject_column'),
      text: told('reject_value'),
    }),
    edits: new Map(),
    rewritten: null,
    isLeft: false,
    isConfirmed: false,
  };
}

/**
 * @param {Sheet} sheet
 * @param {string[]} columns
 * @param {string[]} own the row's fields
 * @param {{cause: string, column: string, text: string}} told the first reason, as the service found it
 * @returns {Problem[]}
 */
export function problemsOf(sheet, columns, own, told) {
  if (FORM.includes(told.cause)) return [problem(sheet, '', told.cause, '')];
  if (own.length !== columns.length) return [problem(sheet, '', 'wrong_field_count', '')];
  const found = columns.flatMap((name, place) => cellProblem(sheet, name, own[place]));
  if (DOUBTFUL.includes(told.cause)) found.unshift(problem(sheet, told.column, told.cause, told.text));
  // What the page does not see, the service did.
  if (found.length === 0 && told.cause) return [problem(sheet, told.column, told.cause, told.text)];
  return found;
}

function cellProblem(sheet, name, text) {
  const { rules, numbers } = sheet;
  if (!rules.isKnown(name)) return [];
  if (rules.isNumber(name) && isDoubtful(text, numbers))
    return [problem(sheet, name, 'doubtful_number', text)];
  const cause = causeOf(rules, name, rules.isNumber(name) ? plainNumber(text, numbers) : text);
  return cause ? [problem(sheet, name, cause, text)] : [];
}

function problem(sheet, column, cause, text) {
  return { column, cause, text, shape: shapeOf(sheet, column, cause, text), isSolved: false };
}

function shapeOf({ rules, numbers }, column, cause, text) {
  if (cause === 'unknown_category') return text;
  if (!rules.isNumber(column)) return '';
  if (cause === 'wrong_type') {
    if (valueOf(plainNumber(text, otherConvention(numbers))) !== null)
      return `decimal ${otherConvention(numbers).decimal}`;
    return DATE.test(text) ? 'date' : 'text';
  }
  if (cause !== 'out_of_range') return '';
  const value = valueOf(plainNumber(text, numbers));
  return causeOf(rules, column, String(0 - value)) === '' ? 'sign' : '';
}

/** @param {Row} row @returns {'open' | 'repaired' | 'left'} */
export function stateOf(row) {
  if (row.isLeft) return 'left';
  return row.problems.every(({ isSolved }) => isSolved) ? 'repaired' : 'open';
}

/** Points and commas the other way round. */
export function otherConvention({ decimal }) {
  return decimal === '.' ? { decimal: ',', grouping: '.', doubtful: '' } : { ...PLAIN, grouping: ',' };
}
