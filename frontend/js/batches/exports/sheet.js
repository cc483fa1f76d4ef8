/**
 * A table on its way out of the page, and the files that it can become. The libraries come when asked for.
 *
 * @typedef {{name: string, isNumber?: boolean}} OutColumn
 * @typedef {{title: string, columns: OutColumn[], rows: (string | number | null)[][]}} OutSheet
 */
import { harmless, writeRecord } from '../table/csv.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** So many characters a spreadsheet shows of a column without being asked. */
const WIDEST = 40;
/** What a sheet's name may not hold, and how long it may be. */
const NO_TITLE = /[\\/?*[\]:]/g;
const LONGEST_TITLE = 31;

/**
 * For a spreadsheet of the reader's language, which reads it without being told how.
 *
 * @param {OutSheet} sheet @param {'fr' | 'en'} lang
 */
export function asCsv({ columns, rows }, lang) {
  const [delimiter, decimal] = lang === 'fr' ? [';', ','] : [',', '.'];
  const written = (value) => {
    if (value === null) return '';
    return typeof value === 'number' ? String(value).replace('.', decimal) : harmless(value);
  };
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(written))];
  const text = lines.map((line) => `${writeRecord(line, delimiter)}\r\n`).join('');
  // With a mark, or spreadsheets take it for Windows-1252.
  return new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' });
}

/** Texts are cells of text, which no spreadsheet runs. @param {OutSheet} sheet @returns {Promise<Blob>} */
export async function asXlsx({ title, columns, rows }) {
  const { default: writeExcelFile } = await import('write-excel-file/browser');
  const head = columns.map(({ name }) => ({
    value: name,
    type: String,
    fontWeight: /** @type {const} */ ('bold'),
  }));
  const cell = (value) => {
    if (value === null || value === '') return null;
    return typeof value === 'number' ? { value, type: Number } : { value: harmless(value), type: String };
  };
  const widths = columns.map(({ name }, place) => ({
    width: Math.min(WIDEST, Math.max(name.length, String(rows[0]?.[place] ?? '').length) + 2),
  }));
  const options = {
    sheet: title.replace(NO_TITLE, ' ').slice(0, LONGEST_TITLE),
    columns: widths,
    stickyRowsCount: 1,
  };
  const blob = await writeExcelFile([head, ...rows.map((row) => row.map(cell))], options).toBlob();
  return new Blob([blob], { type: XLSX });
}

/** Numbers are doubles, everything else is text. @param {OutSheet} sheet @returns {Promise<Blob>} */
export async function asParquet({ columns, rows }) {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, isNumber }, place) => ({
    name,
    data: rows.map((row) => row[place]),
    type: /** @type {'DOUBLE' | 'STRING'} */ (isNumber ? 'DOUBLE' : 'STRING'),
  }));
  return new Blob([parquetWriteBuffer({ columnData })], { type: 'application/vnd.apache.parquet' });
}

/** Hands a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; Safari needs a moment more.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
