/** A column and a fault in words. */
import { labelOf } from '../../core/format.js';

/** By its label and its name; the row as a whole has none. */
export function columnText({ t, lang }, rules, name) {
  const field = rules.fields.get(name);
  if (!name) return t('fault.wholeRow');
  return field ? `${labelOf(field, lang)} (${name})` : name;
}

/** What a fault is called: by what its values have in common, else by its cause. */
export function faultText({ t, wordFor }, { cause, shape = '' }) {
  if (cause === 'unknown_category' && shape) return t('fault.category', shape);
  if (shape === 'decimal ,') return t('fault.decimalComma');
  if (shape === 'decimal .') return t('fault.decimalPoint');
  if (shape === 'date') return t('fault.date');
  if (shape === 'sign') return t('fault.sign');
  return wordFor('cause', cause);
}
