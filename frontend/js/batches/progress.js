/** How far a long work is; a share of null means that this is not known yet. */
import { html } from '../core/preact.js';

/** @param {{label: string, share: number | null}} props share in [0, 1] */
export function Progress({ label, share }) {
  const known = share !== null;
  return html`
    <div class="progress">
      <p class="progress-label">${label}</p>
      <div class=${`progress-track ${known ? '' : 'unknown'}`} role="progressbar" aria-label=${label}
        aria-valuemin="0" aria-valuemax="100" aria-valuenow=${known ? Math.round(share * 100) : null}>
        <div class="progress-fill" style=${{ width: known ? `${(share * 100).toFixed(1)}%` : null }}></div>
      </div>
    </div>`;
}
