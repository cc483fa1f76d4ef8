/**
 * A table as the service would read it, told before it is sent: header, marks, what is skipped. Pure.
 *
 * @typedef {{line: number, fields: string[]}} TableRow
 * @typedef {{delimiter: string, names: string[], hasHeader: boolean, renamed: {sent: string, readAs: string}[],
 *   ignored: string[], missing: string[], twice: string[], numbers: import('./numbers.js').Numbers,
 *   rows: TableRow[], broken: number[], emptyRows: number, linesAbove: number}} TableReading
 *   missing : columns without which no row is taken; broken : lines that do not fit the header
 *   linesAbove : of text before the header
 */
import { DELIMITERS, asSent, fieldsOf, recordSpans } from './csv.js';
import { evidenceOf } from './numbers.js';

const LOOKED_AT_LINES = 50;
const SEPARATOR_LINE = /^"?sep=.?"?[ ,;|\t]*$/i;

/**
 * @param {string} text a whole table, or its beginning
 * @param {import('./cell-rules.js').Rules} rules
 * @param {{isWhole?: boolean, order?: string[]}} [options]
 *   isWhole : of a beginning the last record may be cut off; order : the columns of a table without header
 * @returns {TableReading | null} null where no line names the columns
 */
export function readTable(text, rules, { isWhole = true, order } = {}) {
  const records = [...recordsOf(text, isWhole)];
  const headerAt = records.slice(0, LOOKED_AT_LINES).findIndex((record) => namesId(record, rules));
  if (headerAt < 0 && !isInOrder(records[0] ?? '', order)) return null;
  const hasHeader = headerAt >= 0;
  const delimiter = hasHeader ? bestDelimiter(records[headerAt], rules) : '\t';
  const sent = hasHeader ? (fieldsOf(records[headerAt], delimiter) ?? []).map((name) => name.trim()) : order;
  const names = sent.map((name) => rules.named(asSent(name)));
  const above = records.slice(0, Math.max(headerAt, 0));
  const body = cut(records.slice(headerAt + 1), headerAt + 2, delimiter, names.length);
  return {
    delimiter,
    names,
    hasHeader,
    renamed: names.flatMap((name, place) =>
      name === sent[place] ? [] : [{ sent: sent[place], readAs: name }],
    ),
    ignored: names.filter((name) => name && !rules.isKnown(name) && !name.startsWith('reject_')),
    missing: [...rules.fields.values()]
      .filter(({ name, required }) => required && !names.includes(name))
      .map(({ name }) => name),
    twice: [...new Set(names.filter((name, place) => name && names.indexOf(name) !== place))],
    numbers: evidenceOf(numberCells(body.rows, names, rules)),
    ...body,
    linesAbove: above.filter((record, at) => record.trim() && !(at === 0 && SEPARATOR_LINE.test(record)))
      .length,
  };
}

function* recordsOf(text, isWhole) {
  for (const [start, end] of recordSpans(text))
    if (isWhole || end < text.length) yield text.slice(start, end);
}

function cut(records, firstLine, delimiter, width) {
  const found = { rows: [], broken: [], emptyRows: 0 };
  for (const [at, record] of records.entries()) {
    if (record.replaceAll(delimiter, '').trim() === '') {
      // The end of a text is no row.
      found.emptyRows += record === '' && at === records.length - 1 ? 0 : 1;
      continue;
    }
    const fields = fieldsOf(record, delimiter)?.map((field) => field.trim());
    if (fields?.length === width) found.rows.push({ line: firstLine + at, fields });
    else found.broken.push(firstLine + at);
  }
  return found;
}

function namesId(record, rules) {
  const delimiter = bestDelimiter(record, rules);
  return knownIn(record, delimiter, rules).some((name) => rules.fields.get(name)?.type === 'id');
}

function bestDelimiter(record, rules) {
  const counts = DELIMITERS.map((delimiter) => knownIn(record, delimiter, rules).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

function knownIn(record, delimiter, rules) {
  return record.replaceAll('"', '').split(delimiter).map(rules.named).filter(rules.isKnown);
}

function isInOrder(record, order) {
  return order !== undefined && fieldsOf(record, '\t')?.length === order.length;
}

function* numberCells(rows, names, rules) {
  const columns = names.map(
    (name) => rules.isNumber(name) && (rules.fields.get(name) ?? { type: 'number', unit: '' }),
  );
  for (const { fields } of rows)
    for (const [place, column] of columns.entries())
      if (column && fields[place]) yield /** @type {[any, string]} */ ([column, fields[place]]);
}
