/** scores.csv as a table with types. Pure. */
import { asSent, fieldsOf, recordSpans } from '../table/csv.js';

/** What is no text in it. */
const NUMBERS = ['probability_of_default', 'cutoff'];
/**
 * Rows of which a browser makes the file in some seconds and a few hundred MB (docs/batch.md); a
 * sheet of Excel holds 1,048,576.
 */
export const MOST_ROWS = { xlsx: 50_000, parquet: 200_000 };

/**
 * @param {string} text
 * @param {{delimiter: string, decimal: string}} dialect of the file that was sent
 * @param {string} title
 * @returns {import('./sheet.js').OutSheet}
 */
export function readScores(text, { delimiter, decimal }, title) {
  const records = recordSpans(text);
  const [start, end] = records.next().value ?? [0, 0];
  const columns = (fieldsOf(text.slice(start, end), delimiter) ?? []).map((name) => ({
    name,
    isNumber: NUMBERS.includes(name),
  }));
  const rows = [];
  for (const [from, to] of records) {
    const fields = fieldsOf(text.slice(from, to), delimiter) ?? [];
    rows.push(
      columns.map(({ isNumber }, place) =>
        isNumber ? Number(fields[place].replace(decimal, '.')) : asSent(fields[place]),
      ),
    );
  }
  return { title, columns, rows };
}
