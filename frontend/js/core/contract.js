/**
 * The contract as forms read it, from GET /contract: what a field may be, and how people write it.
 *
 * A person writes "180 000", a date of birth, years in a job; the contract wants 180000 and days
 * counted backwards. Pure: no page, no network.
 *
 * @typedef {import('../../types/api').components['schemas']['Contract']['fields'][number]} Field
 * @typedef {{key: string, values: unknown[]}} Mistake a text of the page, and what stands in it
 * @typedef {{value?: unknown, mistake?: Mistake}} Reading nothing at all: the field is empty
 */

const DAY_MS = 86_400_000;
const DAYS_A_YEAR = 365.25;

/** How a field is asked for: number, amount, date, years, choice or yesno. */
export function kindOf(/** @type {Field} */ field) {
  if (field.type === 'category') return 'choice';
  if (field.type === 'flag') return 'yesno';
  if (field.unit === 'currency') return 'amount';
  if (field.unit === 'days') return field.role === 'birth' ? 'date' : 'years';
  if (field.type === 'id') return 'text';
  return 'number';
}

/**
 * The column that plays a role, such as the credit.
 *
 * @param {Map<string, Field>} fields
 * @param {string} role
 */
export function columnOf(fields, role) {
  return [...fields.values()].find((field) => field.role === role)?.name;
}

/**
 * What was typed, as the contract wants it.
 *
 * @param {Field} field
 * @param {string} typed
 * @param {{lang: 'fr' | 'en', today?: Date}} options
 * @returns {Reading}
 */
export function readTyped(field, typed, { lang, today = new Date() }) {
  const text = String(typed ?? '').trim();
  if (text === '') return field.required ? { mistake: { key: 'form.required', values: [] } } : {};
  switch (kindOf(field)) {
    case 'choice':
    case 'text':
      return { value: text };
    case 'yesno':
      return { value: Number(text) };
    case 'date':
      return inBounds(field, Math.round((Date.parse(`${text}T00:00Z`) - dayOf(today)) / DAY_MS));
    case 'years': {
      const years = readNumber(text, lang);
      return years === null ? notNumber() : inBounds(field, 0 - Math.round(years * DAYS_A_YEAR));
    }
    default: {
      const value = readNumber(text, lang);
      if (value === null) return notNumber();
      if (field.type === 'integer' && !Number.isInteger(value))
        return { mistake: { key: 'form.whole', values: [] } };
      return inBounds(field, value);
    }
  }
}

/**
 * What a person would type for a value of the contract.
 *
 * @param {Field} field
 * @param {unknown} value
 * @param {{lang: 'fr' | 'en', today?: Date}} options
 */
export function typedOf(field, value, { lang, today = new Date() }) {
  if (value === null || value === undefined || value === field.sentinel) return '';
  if (typeof value !== 'number') return String(value);
  const kind = kindOf(field);
  if (kind === 'date') return isoDay(new Date(dayOf(today) + value * DAY_MS));
  if (kind === 'years') return plain(0 - value / DAYS_A_YEAR, lang, 1);
  return kind === 'yesno' ? String(value) : plain(value, lang, 6);
}

/**
 * The same, as people of another language write it.
 *
 * @param {Field} field @param {string} typed @param {'fr' | 'en'} from @param {'fr' | 'en'} to
 */
export function retyped(field, typed, from, to) {
  if (!['amount', 'number', 'years'].includes(kindOf(field))) return typed;
  const value = readNumber(typed, from);
  return value === null ? typed : plain(value, to, 6);
}

/** Numbers in which the mark between thousands stands where it may, and where it may be either mark. */
const MARKS = {
  fr: { between: '.', grouped: /^[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/, doubtful: /\d{4}\.\d{3}$/ },
  en: { between: ',', grouped: /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, doubtful: /\d{4},\d{3}$/ },
};

/** "1 234,5" and "1,234.5" as people of a language write them; null where it is no number, or may be two. */
export function readNumber(text, lang) {
  const bare = text.replace(/[\s\u00a0\u202f’']/g, '');
  const { between, grouped, doubtful } = MARKS[lang];
  if (doubtful.test(bare)) return null;
  const point = (grouped.test(bare) ? bare.replaceAll(between, '') : bare).replace(',', '.');
  return /^[-+]?\d*\.?\d+$/.test(point) ? Number(point) : null;
}

function inBounds(field, value) {
  if (Number.isNaN(value)) return notNumber();
  const { minimum, maximum } = field;
  if (minimum !== null && value < minimum) return outOfBounds(field);
  if (maximum !== null && value > maximum) return outOfBounds(field);
  return { value };
}

/** The bounds in the unit in which the field is asked for. */
export function boundsOf(field) {
  const { minimum, maximum, unit } = field;
  if (unit !== 'days') return [minimum, maximum];
  return [maximum, minimum].map((days) => (days === null ? null : 0 - days / DAYS_A_YEAR));
}

function outOfBounds(field) {
  return { mistake: { key: 'form.bounds', values: boundsOf(field) } };
}

function notNumber() {
  return { mistake: { key: 'form.number', values: [] } };
}

/** The day on the calendar where the person is; counted in UTC, whose days all have 24 hours. */
function dayOf(date) {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function isoDay(date) {
  return date.toISOString().slice(0, 10);
}

function plain(value, lang, digits) {
  return new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: digits }).format(
    value,
  );
}
