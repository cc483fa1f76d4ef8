/**
 * Bars that add up: from one value, step by step, to another. Pure geometry; views draw it.
 *
 * @typedef {{key: string, from: number, to: number, left: number, width: number}} Bar
 *   left, width : shares of the picture's width, in percent
 */

/** Steps smaller than this share of the whole way are told together. */
const LEAST_SHARE = 0.01;

/**
 * @param {number} start @param {{key: string, amount: number}[]} steps the largest first
 * @param {number[]} [marks] values that must be within the picture
 * @returns {{bars: Bar[], position: (value: number) => number, rest: number}}
 *   rest : what the steps that are too small add up to
 */
export function waterfall(start, steps, marks = []) {
  const way = steps.reduce((sum, { amount }) => sum + Math.abs(amount), 0);
  const shown = steps.filter(({ amount }) => Math.abs(amount) >= LEAST_SHARE * way);
  const rest = steps.filter((step) => !shown.includes(step)).reduce((sum, { amount }) => sum + amount, 0);
  const levels = [start];
  for (const { amount } of shown) levels.push(levels.at(-1) + amount);
  const all = [...levels, levels.at(-1) + rest, ...marks];
  const [low, high] = [Math.min(...all, 0), Math.max(...all)];
  const position = (value) => (high > low ? (100 * (value - low)) / (high - low) : 0);
  const bars = shown.map(({ key }, index) => {
    const [from, to] = [levels[index], levels[index + 1]];
    const left = position(Math.min(from, to));
    return { key, from, to, left, width: position(Math.max(from, to)) - left };
  });
  return { bars, position, rest };
}
