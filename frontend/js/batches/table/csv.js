/** Text <-> records of delimited fields, as the service cuts and writes them. Pure. */

const MARKS = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
export const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Text of a file's bytes: by its mark, else UTF-8, else Windows-1252.
 *
 * @param {Uint8Array} bytes
 * @param {{isWhole?: boolean}} [options] a beginning alone may end inside of a character
 */
export function decodeText(bytes, { isWhole = true } = {}) {
  const marked = MARKS.find(([, mark]) =>
    /** @type {number[]} */ (mark).every((byte, n) => bytes[n] === byte),
  );
  if (marked) return new TextDecoder(/** @type {string} */ (marked[0])).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Where each record begins and ends, without its newline; a quoted field may hold line breaks.
 *
 * @param {string} text
 * @returns {Generator<[number, number]>}
 */
export function* recordSpans(text) {
  const [feed, back, mark] = ['\n', '\r', '"'].map((sign) => finderOf(text, sign));
  const lineEnd = (from) => Math.min(feed(from), back(from));
  let start = 0;
  while (start < text.length) {
    let end = lineEnd(start);
    let at = mark(start);
    // Behind an opening mark a line break is a field's own, until the closing one.
    while (at < end) {
      const closing = mark(at + 1);
      if (closing > end) end = lineEnd(Math.min(closing, text.length));
      at = mark(closing + 1);
    }
    yield [start, end];
    start = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
  }
}

/** Where a sign comes next, asked for ever later places: a long text without any is read once. */
function finderOf(text, sign) {
  let found = -1;
  return (from) => {
    if (found < from) found = text.indexOf(sign, from);
    if (found < 0) found = Infinity;
    return found === Infinity ? text.length : found;
  };
}

/**
 * The fields of one record, without their quotation marks; null where those are misplaced.
 *
 * @param {string} record
 * @param {string} delimiter
 * @returns {string[] | null}
 */
export function fieldsOf(record, delimiter) {
  if (!record.includes('"')) return record.split(delimiter);
  const fields = [];
  let at = 0;
  for (;;) {
    if (record[at] !== '"') {
      const end = record.indexOf(delimiter, at);
      const field = record.slice(at, end < 0 ? undefined : end);
      if (field.includes('"')) return null;
      fields.push(field);
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    const closing = closingMark(record, at + 1);
    if (closing < 0) return null;
    fields.push(record.slice(at + 1, closing).replaceAll('""', '"'));
    if (closing + 1 === record.length) return fields;
    if (record[closing + 1] !== delimiter) return null;
    at = closing + 2;
  }
}

function closingMark(record, from) {
  let at = record.indexOf('"', from);
  while (at >= 0 && record[at + 1] === '"') at = record.indexOf('"', at + 2);
  return at;
}

/** @param {string[]} fields */
export function writeRecord(fields, delimiter = ',') {
  return fields
    .map((field) => (needsMarks(field, delimiter) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(delimiter);
}

function needsMarks(field, delimiter) {
  return field.includes(delimiter) || /["\r\n]/.test(field);
}

const SIGN = '[=+\\-@\\t\\r\\n＝＋－＠]';
const ANY_SIGN = new RegExp(SIGN);
const HARMLESS = new RegExp(`^'(?=${SIGN})`);
const INSIDE_HARMLESS = new RegExp(`(?<=[,;|\\t])'(?=${SIGN})`, 'g');
const RUNS = new RegExp(`^${SIGN}`);
const INSIDE = new RegExp(`(?<=[,;|\\t])(?=${SIGN})`, 'g');

/** What a rejects file holds with an apostrophe before it, so that no spreadsheet runs it. */
export function asSent(text) {
  // Most texts have none, and there are millions.
  if (!text.includes("'")) return text;
  return text.replace(HARMLESS, '').replace(INSIDE_HARMLESS, '');
}

/** With that apostrophe; numbers stay numbers. */
export function harmless(text) {
  if (!ANY_SIGN.test(text)) return text;
  const inside = text.replace(INSIDE, "'");
  const isNumber = inside !== '' && !/^\s/.test(inside) && Number.isFinite(Number(inside));
  return RUNS.test(inside) && !isNumber ? `'${inside}` : inside;
}
