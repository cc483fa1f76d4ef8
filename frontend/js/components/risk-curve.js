/** An ornament: how risks spread, and the limit. It shows no data. */
import { html } from '../core/preact.js';

export function RiskCurve() {
  return html`
    <svg class="risk-curve" viewBox="0 0 480 190" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path class="curve-fill below" d="M0 180C40 176 62 40 112 40c30 0 42 38 58 74V180Z" />
      <path class="curve-fill above" d="M170 114c22 44 70 60 310 66H170Z" />
      <path class="curve-line" d="M0 180C40 176 62 40 112 40c30 0 42 38 58 74 22 44 70 60 310 66" />
      <path class="curve-base" d="M0 180H480" />
      <path class="curve-limit" d="M170 8V180" />
    </svg>`;
}
