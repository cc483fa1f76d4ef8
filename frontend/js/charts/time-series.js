/**
 * Values over time: stacked bars of counts, or lines where values do not add up.
 *
 * @typedef {{key: string, label: string, values: (number | null)[], tone: 'main' | 'second' | 'third'}} Series
 *   label : in the legend, from which one without a label is left out
 */
import { html } from '../core/preact.js';

const WIDTH = 600;
const HEIGHT = 140;

/**
 * @param {{series: Series[], kind: 'bars' | 'lines', moments: string[], top: number, floor?: number,
 *   mark?: number, format: (value: number) => string}} props
 *   moments : words below the first, the middle and the last value; top : at least so high
 *   mark : place of the value that a line shows
 *   floor : what the bottom stands for, of lines that stay far from nothing
 */
export function TimeSeries({ series, kind, moments, top, floor = 0, mark, format }) {
  const tallest = highest(series, kind, top);
  const shift = (values) => values.map((value) => (value === null ? null : value - floor));
  const named = series.filter(({ label }) => label);
  return html`
    <div class="series" aria-hidden="true">
      <span class="series-top">${format(tallest)}</span>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" focusable="false">
        ${kind === 'bars' ? bars(series, tallest) : series.map((each) => html`<path key=${each.key} class=${`series-line ${each.tone}`} d=${linePath(shift(each.values), tallest - floor)} />`)}
        ${mark !== undefined && html`<path class="series-mark" d=${markPath(mark, series[0].values.length)} />`}
      </svg>
      ${floor > 0 && html`<span class="series-top">${format(floor)}</span>`}
      <div class="series-moments">${moments.map((moment) => html`<span key=${moment}>${moment}</span>`)}</div>
      ${
        named.length > 1 &&
        html`<p class="legend">${named.map(({ key, label, tone }) => html`<span key=${key}><i class=${`series-key ${tone} ${kind}`}></i>${label}</span>`)}</p>`
      }
    </div>`;
}

/** What the picture's top stands for. @param {Series[]} series @param {string} kind @param {number} top */
export function highest(series, kind, top) {
  const values =
    kind === 'bars' ? sums(series) : series.flatMap(({ values: own }) => own.map((value) => value ?? 0));
  return Math.max(...values, top);
}

function sums(series) {
  return series[0].values.map((_, place) =>
    series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  );
}

function bars(series, tallest) {
  const step = WIDTH / series[0].values.length;
  const below = series[0].values.map(() => 0);
  return series.flatMap(({ key, values, tone }) =>
    values.map((value, place) => {
      if (!value) return null;
      const height = (value / tallest) * HEIGHT;
      below[place] += height;
      return html`<rect key=${`${key}${place}`} class=${`series-bar ${tone}`} x=${place * step + step * 0.1} y=${HEIGHT - below[place]} width=${step * 0.8} height=${height} />`;
    }),
  );
}

/** A vertical line at one of so many values. @param {number} place @param {number} count */
export function markPath(place, count) {
  return `M${((place * WIDTH) / Math.max(count - 1, 1)).toFixed(1)} 0V${HEIGHT}`;
}

/** A line that is broken where nothing was counted; a value alone is a dot. @param {(number | null)[]} values @param {number} tallest */
export function linePath(values, tallest) {
  const step = WIDTH / Math.max(values.length - 1, 1);
  let path = '';
  values.forEach((value, place) => {
    if (value === null) return;
    const begins = place === 0 || values[place - 1] === null;
    const at = `${(place * step).toFixed(1)} ${(HEIGHT - (value / tallest) * HEIGHT).toFixed(1)}`;
    path += `${begins ? 'M' : 'L'}${at}${begins && (values[place + 1] ?? null) === null ? 'h0.1' : ''}`;
  });
  return path;
}
