/**
 * The scale of the risk gauge. It depends on the model's cut-off alone, so that two applicants can
 * be compared by eye: the cut-off always stands about a third of the way.
 */

/** Ends that give round marks, and the marks themselves. */
const SCALES = [
  { end: 0.04, step: 0.01 },
  { end: 0.1, step: 0.02 },
  { end: 0.2, step: 0.05 },
  { end: 0.3, step: 0.1 },
  { end: 0.4, step: 0.1 },
  { end: 0.6, step: 0.2 },
  { end: 1, step: 0.2 },
];

/**
 * @param {number} cutoff in [0, 1]
 * @returns {{end: number, marks: number[], position: (pd: number) => number}}
 *   position: share of the width in [0, 1]; a PD beyond the end stays at the end
 */
export function gaugeScale(cutoff) {
  const { end, step } = SCALES.find((scale) => scale.end >= cutoff * 3) ?? SCALES[SCALES.length - 1];
  const count = Math.round(end / step);
  const marks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toFixed(4)));
  return { end, marks, position: (pd) => Math.min(Math.max(pd / end, 0), 1) };
}
