/**
 * A score's contributions by family, in points of probability. Pure arithmetic for display: the
 * points of all families add up from the average applicant's probability to this applicant's.
 *
 * @typedef {{family: string, points: number, features: any[]}} Family features : the heaviest first
 */

/** @returns {Family[]} the heaviest first */
export function byFamily(contributions) {
  /** @type {Map<string, Family>} */
  const families = new Map();
  for (const item of contributions) {
    const known = families.get(item.family) ?? { family: item.family, points: 0, features: [] };
    known.points += item.probability_points;
    known.features.push(item);
    families.set(item.family, known);
  }
  for (const family of families.values())
    family.features.sort((a, b) => Math.abs(b.probability_points) - Math.abs(a.probability_points));
  return [...families.values()].sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

/** Below this a share of probability is neither raise nor lower: it would be written 0.0. */
const NOTHING = 0.0005;

/** @param {number} points @returns {'raises' | 'lowers' | 'neutral'} */
export function directionOf(points) {
  if (Math.abs(points) < NOTHING) return 'neutral';
  return points > 0 ? 'raises' : 'lowers';
}

/** Family -> its share of all that weighs in the model, in [0, 1]. */
export function usualShares(importance) {
  const total = importance.families.reduce((sum, each) => sum + each.mean_contribution, 0);
  return new Map(importance.families.map((each) => [each.family, each.mean_contribution / total]));
}
