/**
 * Numbers as senders write them -> as the contract reads them; the service's own rules (docs/batch.md). Pure.
 *
 * @typedef {{decimal: string, grouping?: string, doubtful?: string}} Numbers
 *   decimal : the mark; grouping : the mark between groups of three, or nothing
 *   doubtful : the mark of which a table does not say what it is in numbers like 180.000, or nothing
 */

export const PLAIN = { decimal: '.', grouping: '', doubtful: '' };
const SPACES = ' \u00a0\u2007\u2009\u202f';
const CURRENCY = new RegExp(`[${SPACES}]*(?:[$£€¥]|EUR|USD|GBP|CHF)$`, 'i');
const SPACED = [...SPACES, "'", '\u2019'].map((mark) => [
  mark,
  new RegExp(`^[+-]?\\d{1,3}(?:${mark}\\d{3})+(?:[.,]\\d*)?$`),
]);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** @param {string} text @param {Numbers} numbers */
export function plainNumber(text, numbers) {
  if (/^\d+$/.test(text)) return text;
  const bare = withoutSpaces(text);
  const plain = numbers.grouping && isGrouped(bare, numbers) ? bare.replaceAll(numbers.grouping, '') : bare;
  return numbers.decimal === ',' ? swapped(plain) : plain;
}

/** Whether a number may be a thousand times another, and the table does not say. */
export function isDoubtful(text, { doubtful }) {
  return Boolean(doubtful) && text.includes(doubtful) && isEither(withoutSpaces(text), doubtful);
}

/** 180.000: may be 180 or 180,000. */
export function isEither(text, mark) {
  return new RegExp(`^[+-]?[1-9]\\d{0,2}[${mark}]\\d{3}$`).test(text);
}

/** Of a plain number: the same, in digits that leave no doubt whatever stands beside it. */
export function withoutDoubt(plain) {
  return isEither(plain, '.') ? `${plain}0` : plain;
}

/** What a plain number is; null for what is none. */
export function valueOf(plain) {
  const text = plain.trim();
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return NUMBER.test(text) ? Number(text) : null;
}

function swapped(text) {
  return text.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','));
}

function withoutSpaces(text) {
  const bare = text.replace(TRIMMED, '').replace(CURRENCY, '');
  const found = SPACED.find(
    ([mark, pattern]) =>
      bare.includes(/** @type {string} */ (mark)) && /** @type {RegExp} */ (pattern).test(bare),
  );
  return found ? bare.replaceAll(/** @type {string} */ (found[0]), '') : bare;
}
const TRIMMED = /^\s+|\s+$/g;

function isGrouped(text, /** @type {Numbers} */ { decimal, grouping }) {
  const at = text.indexOf(decimal);
  const [whole, part] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  const [first, ...groups] = whole.replace(/^[+-]+/, '').split(grouping);
  return (
    groups.length > 0 &&
    !part.includes(grouping) &&
    first.length >= 1 &&
    first.length <= 3 &&
    groups.every((group) => /^\d{3}$/.test(group))
  );
}

const MARKS = ['.', ','];
const THOUSANDS = Object.fromEntries(
  MARKS.map((mark, n) => {
    const other = MARKS[1 - n];
    return [
      mark,
      new RegExp(
        `^[+-]?[1-9]\\d{0,2}(?:(?:[${mark}]\\d{3}){2,}(?:[${other}]\\d*)?|(?:[${mark}]\\d{3})+[${other}]\\d*)$`,
      ),
    ];
  }),
);
const DECIMAL = Object.fromEntries(
  MARKS.map((mark) => [mark, new RegExp(`^[+-]?(?:\\d+[${mark}]\\d*|[${mark}]\\d+)(?:[eE][+-]?\\d+)?$`)]),
);

/**
 * What the numbers of a table say of its marks.
 *
 * @param {Iterable<[{type: string, unit: string}, string]>} cells columns of numbers, and what stands there
 * @returns {Numbers}
 */
export function evidenceOf(cells) {
  const seen = Object.fromEntries(
    MARKS.map((mark) => [mark, { decimal: 0, groups: false, either: false, eitherInAmounts: false }]),
  );
  let longAmount = false;
  for (const [column, cell] of cells) {
    const text = withoutSpaces(cell);
    const isAmount = column.unit === 'currency';
    for (const mark of MARKS) if (text.includes(mark)) noteMark(seen[mark], mark, text, column, isAmount);
    if (isAmount && /^[+-]?\d{4,}$/.test(text)) longAmount = true;
  }
  return numbersOf(seen['.'], seen[','], longAmount);
}

function noteMark(seen, mark, text, { type }, isAmount) {
  if (THOUSANDS[mark].test(text)) seen.groups = true;
  else if (isEither(text, mark)) {
    if (['integer', 'flag'].includes(type) && !text.endsWith(`${mark}000`)) seen.groups = true;
    else {
      seen.either = true;
      seen.eitherInAmounts ||= isAmount;
    }
  } else if (DECIMAL[mark].test(text)) seen.decimal += 1;
}

function numbersOf(point, comma, longAmount) {
  let decimal = '.';
  if (point.decimal || comma.decimal) decimal = point.decimal >= comma.decimal ? '.' : ',';
  else if (point.groups !== comma.groups) decimal = point.groups ? ',' : '.';
  else if (!longAmount && point.eitherInAmounts && !comma.either) decimal = ',';
  const [own, other, mark] = decimal === '.' ? [point, comma, ','] : [comma, point, '.'];
  const grouping = (other.groups || other.either) && !other.decimal ? mark : '';
  const proved = own.decimal || !own.either;
  if (own.groups || !proved) return { decimal, grouping, doubtful: decimal };
  if (grouping && !(own.decimal || other.groups || !longAmount))
    return { decimal, grouping: '', doubtful: mark };
  return { decimal, grouping, doubtful: '' };
}
