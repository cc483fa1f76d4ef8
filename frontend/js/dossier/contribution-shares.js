/**
 * Which contributions are shown, in what order, with which words. Pure arithmetic for display:
 * the scores and contributions themselves come from the API as they are.
 *
 * @typedef {{feature: string, family: string, value: unknown, contribution: number,
 *   label: {fr: string, en: string}, unit?: string}} Contribution
 * @typedef {{key: string, label: string, value: string, contribution: number, isRest: boolean}} Row
 */
import { labelOf } from '../core/format.js';

/** Below this a contribution is neither raise nor lower: it would be written 0.00. */
const NOTHING = 0.005;

/**
 * The heaviest contributions in words, then all the others as one row.
 *
 * @param {Contribution[]} contributions sorted by weight, heaviest first
 * @param {{count: number, lang: 'fr' | 'en', format: {value: Function}, columns: Map<string, object>,
 *   restLabel: (n: number) => string}} options
 * @returns {Row[]}
 */
export function contributionRows(contributions, { count, lang, format, columns, restLabel }) {
  const shown = contributions.slice(0, count).map((item) => {
    const column = { ...columns.get(item.feature), ...item };
    const value = format.value(item.value, column);
    return {
      key: item.feature,
      label: labelOf(column, lang),
      value,
      contribution: item.contribution,
      isRest: false,
    };
  });
  const rest = contributions.slice(count);
  if (rest.length === 0) return shown;
  const contribution = rest.reduce((sum, item) => sum + item.contribution, 0);
  return [...shown, { key: 'rest', label: restLabel(rest.length), value: '', contribution, isRest: true }];
}

/**
 * @param {number} contribution
 * @returns {'raises' | 'lowers' | 'neutral'}
 */
export function directionOf(contribution) {
  if (Math.abs(contribution) < NOTHING) return 'neutral';
  return contribution > 0 ? 'raises' : 'lowers';
}
