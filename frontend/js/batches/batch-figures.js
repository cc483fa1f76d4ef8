/** Three numbers that must add up, and their shares as one bar. */
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** @param {{rows: number, scored: number, rejected: number}} props */
export function BatchFigures({ rows, scored, rejected }) {
  const { t, format } = useLanguage();
  const figures = { rows, scored, rejected };
  const share = rows > 0 ? scored / rows : 0;
  return html`
    <section class="card figures-card">
      <dl class="tallies">
        ${Object.entries(figures).map(
          ([name, value]) => html`
          <div key=${name} class=${`tally ${name}`}><dt>${t(`batch.${name}`)}</dt><dd>${format.number(value)}</dd></div>`,
        )}
      </dl>
      <div class="share-bar" aria-hidden="true"><span class=${share === 1 ? 'whole' : ''} style=${{ width: `${(share * 100).toFixed(2)}%` }}></span></div>
    </section>`;
}
