/** How many fall into each bin, accepted below refused, with the bin of the applicant marked. */
import { html } from '../core/preact.js';

/**
 * @param {{bins: {label: string, accepted: number, refused: number, isOwn: boolean}[]}} props
 */
export function Histogram({ bins }) {
  const tallest = Math.max(...bins.map(({ accepted, refused }) => accepted + refused), 1);
  const share = (count) => `${((100 * count) / tallest).toFixed(2)}%`;
  return html`
    <div class="histogram" aria-hidden="true">
      ${bins.map(
        ({ label, accepted, refused, isOwn }) => html`
        <div key=${label} class=${`histogram-bin ${isOwn ? 'own' : ''}`}>
          <div class="histogram-bar">
            <span class="refused" style=${{ height: share(refused) }}></span>
            <span class="accepted" style=${{ height: share(accepted) }}></span>
          </div>
          <span class="histogram-label">${label}</span>
        </div>`,
      )}
    </div>`;
}
