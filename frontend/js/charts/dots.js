/** One dot a file: those that defaulted are filled, the others are rings. */
import { html } from '../core/preact.js';

/** @param {{count: number, marked: number}} props */
export function Dots({ count, marked }) {
  const columns = Math.ceil(Math.sqrt(count * 2.6));
  const rows = Math.ceil(count / columns);
  const dots = Array.from({ length: count }, (_, index) => ({
    x: (index % columns) + 0.5,
    y: Math.floor(index / columns) + 0.5,
    isMarked: index < marked,
  }));
  return html`
    <svg class="dots" viewBox=${`0 0 ${columns} ${rows}`} aria-hidden="true" focusable="false">
      ${dots.map(({ x, y, isMarked }, index) => html`<circle key=${index} class=${isMarked ? 'marked' : ''} cx=${x} cy=${y} r=${isMarked ? 0.4 : 0.3} />`)}
    </svg>`;
}
