/**
 * The colours of the charts, read from the style sheet so that a theme is defined once.
 * They are registered there (@property), hence resolved: a chart library cannot read light-dark().
 *
 * @typedef {{ink: string, muted: string, line: string, surface: string, raises: string, hatch: string, lowers: string}} Palette
 */

/**
 * @param {Element} element
 * @returns {Palette}
 */
export function readPalette(element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: color('ink'),
    muted: color('ink-muted'),
    line: color('line'),
    surface: color('surface'),
    raises: color('raises'),
    hatch: color('hatch'),
    lowers: color('lowers'),
  };
}
