/**
 * Rows of a table as applications of POST /predict/batch, or what is wrong with them. Pure.
 *
 * @typedef {{line: number, id: string, application?: Record<string, unknown>,
 *   faults: {column: string, cause: string, text: string}[]}} PastedRow
 */
import { causeOf } from '../table/cell-rules.js';
import { isDoubtful, plainNumber, valueOf } from '../table/numbers.js';

/**
 * @param {import('../table/table-reading.js').TableReading} reading
 * @param {import('../table/cell-rules.js').Rules} rules
 * @returns {PastedRow[]} in the order of their lines
 */
export function applicationsOf(reading, rules) {
  const ids = new Map();
  const rows = reading.rows.map((row) => readRow(row, reading, rules, ids));
  const broken = reading.broken.map((line) => ({
    line,
    id: '',
    faults: [{ column: '', cause: 'wrong_field_count', text: '' }],
  }));
  return [...rows, ...broken].sort((one, other) => one.line - other.line);
}

function readRow({ line, fields }, { names, numbers }, rules, ids) {
  /** @type {Record<string, unknown>} */
  const application = {};
  /** @type {PastedRow['faults']} */
  const faults = [];
  let id = '';
  for (const [place, name] of names.entries()) {
    if (!rules.isKnown(name)) continue;
    const text = fields[place];
    const plain = rules.isNumber(name) ? plainNumber(text, numbers) : text.trim();
    const cause =
      rules.isNumber(name) && isDoubtful(text, numbers) ? 'doubtful_number' : causeOf(rules, name, plain);
    if (cause) faults.push({ column: name, cause, text });
    else if (!rules.isNothing(plain)) application[name] = rules.isNumber(name) ? valueOf(plain) : plain;
    if (rules.fields.get(name)?.type === 'id') id = plain;
  }
  const first = ids.get(id);
  if (id && first !== undefined) faults.push({ column: '', cause: 'duplicate_id', text: id });
  else ids.set(id, line);
  return faults.length > 0 ? { line, id, faults } : { line, id, application, faults };
}
