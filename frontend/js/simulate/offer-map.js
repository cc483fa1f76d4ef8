/**
 * All loans that were looked at, as a grid: amounts down, durations across, a sign for accept,
 * review and refuse in each cell. The arrows walk through it, Enter chooses an accepted one.
 */
import { isSame } from './offer-view.js';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html, useRef, useState } from '../core/preact.js';

/** @param {{found: any, chosen: any, onChoose: (offer: any) => void}} props */
export function OfferMap({ found, chosen, onChoose }) {
  const { t, format } = useLanguage();
  const [at, setAt] = useState([0, 0]);
  const table = useRef(null);
  const rows = found.amounts.map((amount, row) => ({ amount, row })).reverse();
  const go = (event) => {
    const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = [
      clamp(at[0] + step[0], found.amounts.length),
      clamp(at[1] + step[1], found.durations.length),
    ];
    setAt(next);
    table.current.querySelector(`[data-at="${next.join(',')}"]`).focus();
  };
  return html`
    <section class="card" aria-labelledby="map-title">
      <h2 id="map-title">${t('map.heading')}</h2>
      <p class="card-help">${t('map.help')}</p>
      <p class="legend">
        ${['accept', 'review', 'refuse'].map((decision) => html`<span key=${decision}><span class=${`map-sign ${decision}`}><${Icon} name=${decision} /></span>${t(`verdict.${decision}`)}</span>`)}
      </p>
      <div class="table-frame" tabindex="-1">
        <table class="map" ref=${table} onKeyDown=${go}>
          <caption class="visually-hidden">${t('map.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">${t('map.amount')}</th>
              ${found.durations.map((duration) => html`<th key=${duration} scope="col" class="number">${t('map.duration', duration)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ amount, row }) => html`
              <tr key=${amount}>
                <th scope="row" class="number">${format.money(amount)}</th>
                ${found.durations.map((duration, column) => html`<${Cell} key=${duration} found=${found} row=${row} column=${column} isHere=${at[0] === row && at[1] === column} chosen=${chosen} onChoose=${onChoose} onFocus=${() => setAt([row, column])} />`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
}

function Cell({ found, row, column, isHere, chosen, onChoose, onFocus }) {
  const { t, format } = useLanguage();
  const decision = found.decisions[row][column];
  const annuity = found.annuities[row][column];
  const loan = {
    amount: found.amounts[row],
    duration: found.durations[column],
    annuity,
    pd: found.probabilities_of_default[row][column],
  };
  const words = t('map.cell', format.money(annuity), format.percent(loan.pd), t(`verdict.${decision}`));
  const isChosen = isSame(loan, chosen);
  return html`
    <td class=${`map-cell ${decision} ${isChosen ? 'chosen' : ''}`}>
      <button type="button" data-at=${`${row},${column}`} tabindex=${isHere ? 0 : -1} aria-label=${words} title=${words}
        aria-pressed=${String(isChosen)} aria-disabled=${decision === 'accept' ? null : 'true'} onFocus=${onFocus}
        onClick=${() => decision === 'accept' && onChoose(loan)}>
        <${Icon} name=${decision} /><span class="number">${format.money(annuity)}</span>
      </button>
    </td>`;
}

function clamp(place, count) {
  return Math.min(Math.max(place, 0), count - 1);
}
