/** The lender's sign: a gauge with its limit. */
import { html } from '../core/preact.js';

export function Brand({ name, desk }) {
  return html`
    <span class="brand">
      <svg class="brand-sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path class="brand-track" d="M3.5 17.5a9 9 0 1 1 17 0" />
        <path class="brand-limit" d="M8 3.4 9.7 7.6" />
        <path class="brand-needle" d="m12 15.5 4.4-5" />
      </svg>
      <span class="brand-name">${name}</span>
      <span class="brand-desk">${desk}</span>
    </span>`;
}
