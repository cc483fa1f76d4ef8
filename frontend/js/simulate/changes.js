/**
 * Simulated changes in an address, without a value of the applicant: numbers as a factor of their
 * own value, choices as the place of an option. Pure.
 *
 * @typedef {Record<string, unknown>} Changes column -> new value, null takes it away
 */

/** Factors are told to four digits: near enough to reproduce what was seen. */
const DIGITS = 4;

/**
 * @param {Changes} changes @param {Record<string, any>} application
 * @param {Map<string, import('../core/contract.js').Field>} fields
 * @returns {string} e.g. "AMOUNT*0.8;PHONE=1"
 */
export function writeChanges(changes, application, fields) {
  const parts = Object.entries(changes).map(([name, value]) => {
    const field = fields.get(name);
    if (value === null) return `${name}-`;
    if (field.type === 'category')
      return `${name}=${field.options.findIndex((option) => option.value === value)}`;
    const own = application[name];
    if (field.type === 'flag' || !own) return `${name}=${field.type === 'flag' ? value : ''}`;
    return `${name}*${Number((Number(value) / own).toFixed(DIGITS))}`;
  });
  return parts.filter((part) => !part.endsWith('=')).join(';');
}

/** @param {string} text what `writeChanges` wrote; whatever it did not is left out @returns {Changes} */
export function readChanges(text, application, fields) {
  /** @type {Changes} */
  const found = {};
  for (const part of text.split(';')) {
    const [, name, sign, rest] = /^(\w+)([*=-])(.*)$/.exec(part) ?? [];
    const field = fields.get(name);
    if (!field?.is_actionable) continue;
    if (sign === '-' && rest === '') found[name] = null;
    else if (sign === '*' && isAmount(field, application) && isFactor(rest))
      found[name] = round(application[name] * Number(rest));
    else if (sign === '=' && field.type === 'category' && /^\d+$/.test(rest) && field.options[rest])
      found[name] = field.options[rest].value;
    else if (sign === '=' && field.type === 'flag' && /^[01]$/.test(rest)) found[name] = Number(rest);
  }
  return found;
}

function isAmount({ name, type }, application) {
  return type !== 'flag' && type !== 'category' && Boolean(application[name]);
}

/** Somebody may have edited the address: what no service could compute with is no factor. */
function isFactor(text) {
  return /^\d{1,10}(\.\d+)?$/.test(text) && Number(text) > 0;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
