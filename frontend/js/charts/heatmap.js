/** Two columns against each other: a cell for each pair of bins, the darker the riskier, the larger the more. */
import { html } from '../core/preact.js';

/**
 * @param {{columns: string[], rows: string[],
 *   cells: {x: number, y: number, count: number, share: number, isOwn: boolean, text: string}[]}} props
 *   share : risk against the riskiest cell, in [0, 1]; rows are drawn from below
 */
export function Heatmap({ columns, rows, cells }) {
  const most = Math.max(...cells.map(({ count }) => count), 1);
  const at = new Map(cells.map((cell) => [`${cell.x},${cell.y}`, cell]));
  return html`
    <div class="heatmap" style=${{ '--columns': columns.length }} aria-hidden="true">
      ${rows
        .map((label, y) => [label, y])
        .reverse()
        .map(
          ([label, y]) => html`
          <span key=${label} class="heatmap-row">${label}</span>
          ${columns.map((_, x) => html`<${Cell} key=${x} cell=${at.get(`${x},${y}`)} most=${most} />`)}`,
        )}
      <span></span>
      ${columns.map((label) => html`<span key=${label} class="heatmap-column">${label}</span>`)}
    </div>`;
}

function Cell({ cell, most }) {
  if (!cell) return html`<span class="heatmap-cell none"></span>`;
  const size = `${(30 + 70 * Math.sqrt(cell.count / most)).toFixed(1)}%`;
  return html`
    <span class=${`heatmap-cell ${cell.isOwn ? 'own' : ''}`} title=${cell.text}>
      <span style=${{ width: size, height: size, '--risk': cell.share.toFixed(3) }}></span>
    </span>`;
}
