/** The repaired rows as one file that completes the receipt of the first: a rejects file, as anybody could send it. Pure. */
import { writeRecord } from '../table/csv.js';
import { plainNumber, valueOf, withoutDoubt } from '../table/numbers.js';
import { columnsOf, sentFields, stateOf, toldOf } from './sheet.js';

/** The file is UTF-8 with commas and decimal points, whatever the first one was: nothing in it is doubtful. */
const DELIMITER = ',';
const ROWS_A_PIECE = 500;

/**
 * @param {import('./sheet.js').Sheet} sheet
 * @param {string} name of the first file
 * @returns {File} its repaired rows
 */
export function repairFile(sheet, name) {
  const columns = columnsOf(sheet);
  const repaired = sheet.rows.filter((row) => stateOf(row) === 'repaired');
  const pieces = [`${writeRecord(sheet.names, DELIMITER)}\n`];
  for (let at = 0; at < repaired.length; at += ROWS_A_PIECE)
    pieces.push(
      repaired
        .slice(at, at + ROWS_A_PIECE)
        .map((row) => `${repairedLine(sheet, columns, row)}\n`)
        .join(''),
    );
  const stem = name.replace(/(\.(csv|tsv|txt)(\.gz)?|\.zip)$/i, '').slice(0, 60);
  return new File(pieces, `${stem}-rejects.csv`, { type: 'text/csv' });
}

/** Our own columns first: they say whose row it is. */
function repairedLine(sheet, columns, row) {
  const told = toldOf(sheet, row);
  told.reject_message = '';
  if (row.isConfirmed) told.reject_confirm = 'yes';
  const ours = sheet.names.slice(0, sheet.own).map((name) => told[name]);
  const own = sentFields(sheet, row).map((text, place) => written(sheet, row, columns[place], text));
  return writeRecord([...ours, ...own], DELIMITER);
}

function written({ rules, numbers }, row, name, text) {
  const edit = row.edits.get(name);
  if (edit !== undefined) return rules.isNumber(name) ? withoutDoubt(edit) : edit;
  if (!rules.isNumber(name)) return text;
  const plain = plainNumber(text, numbers);
  return valueOf(plain) === null ? text : withoutDoubt(plain);
}
