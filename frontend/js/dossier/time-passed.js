/**
 * Time that passed is counted backwards by the data (an age of 40 is −14 610 days) and told forwards
 * to people: the bins of such a column turn round, so that more of it stands where more stands. Pure.
 */

/**
 * @template {{unit: string, bins: {from: number | null, to: number | null}[]}} Axis
 * @param {Axis} axis
 * @returns {Omit<Axis, 'bins'> & {bins: (Axis['bins'][number] & {place: number})[], at: (place: number) => number}}
 *   place : of a bin as the service counts them; at : where the bin of a place is drawn
 */
export function forward(axis) {
  const bins = axis.bins.map((bin, place) => ({ ...bin, place }));
  if (!isBackward(axis)) return { ...axis, bins, at: (place) => place };
  const turned = bins.map(({ from, to, ...bin }) => ({ ...bin, from: to, to: from })).reverse();
  return { ...axis, bins: turned, at: (place) => bins.length - 1 - place };
}

function isBackward({ unit, bins }) {
  const edges = bins.flatMap(({ from, to }) => [from, to]).filter((edge) => edge !== null);
  return unit === 'days' && edges.length > 0 && edges.every((edge) => edge <= 0);
}
