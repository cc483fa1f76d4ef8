/**
 * A table whose first column names the row; it scrolls by itself when it is wider than the screen.
 *
 * @typedef {{label: string, kind?: 'number' | 'effect'}} Head kind becomes a class of its cells
 * @typedef {{key: string, cells: unknown[]}} TableRow
 */
import { html } from '../core/preact.js';

/** @param {{heads: Head[], rows: TableRow[]}} props */
export function Table({ heads, rows }) {
  const head = (/** @type {Head} */ { label, kind }) =>
    html`<th key=${label} scope="col" class=${kind}>${label}</th>`;
  return html`
    <div class="table-frame">
      <table class="table">
        <thead>
          <tr>${heads.map(head)}</tr>
        </thead>
        <tbody>
          ${rows.map(({ key, cells }) => html`<${Row} key=${key} cells=${cells} heads=${heads} />`)}
        </tbody>
      </table>
    </div>`;
}

function Row({ cells: [name, ...others], heads }) {
  return html`
    <tr>
      <th scope="row">${name}</th>
      ${others.map((cell, index) => html`<td key=${index} class=${heads[index + 1].kind}>${cell}</td>`)}
    </tr>`;
}
