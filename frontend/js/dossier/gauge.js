/** Where the risk stands against the acceptance threshold, on a scale that is the same for every applicant. */
import { gaugeScale } from '../charts/gauge-scale.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/**
 * @param {{pd: number, cutoff: number, spread?: {lowest: number, highest: number} | null,
 *   review?: {low: number, high: number} | null}} props all in [0, 1]
 *   spread : between what models of other parts of the data say; review : where a person decides
 */
export function Gauge({ pd, cutoff, spread, review }) {
  const { t, format } = useLanguage();
  const { end, marks, position } = gaugeScale(cutoff);
  const between = (low, high) => ({
    left: share(low),
    width: `${((position(high) - position(low)) * 100).toFixed(2)}%`,
  });
  const share = (value) => `${(position(value) * 100).toFixed(2)}%`;
  const text = `${format.percent(pd)} · ${t('gauge.limit', format.percent(cutoff))}`;
  return html`
    <div class="gauge" role="meter" aria-label=${t('gauge.label')} aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${(pd * 100).toFixed(1)} aria-valuetext=${text}>
      <span class="gauge-end accept" aria-hidden="true">${t('gauge.accept')}</span>
      <span class="gauge-end refuse" aria-hidden="true">${t('gauge.refuse')}</span>
      <div class="gauge-limit" aria-hidden="true" style=${{ left: share(cutoff) }}>
        <span>${t('gauge.limit', format.percent(cutoff))}</span>
      </div>
      <div class="gauge-track" aria-hidden="true">
        <div class="gauge-zone accept" style=${{ width: share(cutoff) }}></div>
        <div class="gauge-zone refuse"></div>
        ${review && html`<div class="gauge-review" style=${between(review.low, review.high)}></div>`}
        ${spread && html`<div class="gauge-spread" style=${between(spread.lowest, spread.highest)}></div>`}
        <div class=${`gauge-marker ${pd > end ? 'beyond' : ''}`} style=${{ left: share(pd) }}></div>
      </div>
      <div class="gauge-marks" aria-hidden="true">
        ${marks.map(
          (mark, index) => html`
          <span key=${mark} style=${{ left: share(mark) }}>
            ${index === marks.length - 1 && end < 1 ? t('gauge.beyond', format.wholePercent(mark)) : format.wholePercent(mark)}
          </span>`,
        )}
      </div>
    </div>`;
}
