/** What is not known, ranked by how far it could move the risk: a checklist to print and take home. */
import { AsStored } from './correction.js';
import { DossierFrame } from './dossier-frame.js';
import { proofOf } from './proof.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';
import { facing } from '../core/facing.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';

export function Unknown({ id }) {
  return html`<${DossierFrame} id=${id} shapes=${['line', 'row', 'row', 'row']}>${(subject) => html`${subject.isCorrected && !facing.value && html`<${AsStored} />`}<${Ranking} id=${id} />`}<//>`;
}

function Ranking({ id }) {
  const { t } = useLanguage();
  const { state, value, error, reload } = useQuery(['unknown', id], (signal) => api.unknown(id, signal));
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (state === 'loading') return html`<${Skeleton} shapes=${['line', 'row', 'row', 'row']} />`;
  // A normalised value means nothing to a person, and nobody can bring it.
  const items = value.items.filter(({ unit }) => unit !== 'normalised');
  const left = value.items.length - items.length;
  if (items.length === 0) return html`<${Empty} title=${t('unknown.nothing')} />`;
  return html`
    <section class="card" aria-labelledby="unknown-title">
      <div class="card-head">
        <h2 id="unknown-title">${t('unknown.heading')}</h2>
        <button type="button" class="button no-print" onClick=${() => print()}><${Icon} name="print" />${t('unknown.print')}</button>
      </div>
      <p class="card-help no-facing">${t('unknown.help')}</p>
      <p class="print-only">${t('unknown.take')}</p>
      <ul class="checklist">${items.map((item) => html`<${Item} key=${item.feature} item=${item} cutoff=${value.cutoff} now=${value.now.probability_of_default} />`)}</ul>
      ${left > 0 && html`<p class="card-help no-facing">${t('unknown.left', left)}</p>`}
    </section>`;
}

function Item({ item, cutoff, now }) {
  const { t, wordFor, lang, format } = useLanguage();
  const { fields } = useContract();
  const proof = proofOf(fields.get(item.feature));
  const turns = item.best.probability_of_default < cutoff && now >= cutoff;
  return html`
    <li class="check">
      <span class="check-box" aria-hidden="true"></span>
      <div class="check-body">
        <p class="check-label">${labelOf(item, lang)} ${turns && html`<span class="chip accept no-facing">${t('unknown.turns')}</span>`}</p>
        <p class="check-meta">${wordFor('family', item.family)}${proof ? ` · ${t(proof)}` : ''}</p>
      </div>
      ${
        !facing.value &&
        html`
        <p class="check-reach no-print">
          <${Reach} item=${item} cutoff=${cutoff} now=${now} />
          <span class="number">${t('unknown.between', format.percent(item.best.probability_of_default), format.percent(item.worst.probability_of_default))}</span>
        </p>`
      }
    </li>`;
}

/** From the best to the worst, on a scale of its own with now and the threshold marked. */
function Reach({ item, cutoff, now }) {
  const { best, worst } = item;
  const end = Math.max(worst.probability_of_default, cutoff, now) * 1.05;
  const at = (value) => `${((100 * value) / end).toFixed(1)}%`;
  return html`
    <span class="reach" aria-hidden="true">
      <span class="reach-bar" style=${{ left: at(best.probability_of_default), width: at(worst.probability_of_default - best.probability_of_default) }}></span>
      <span class="reach-now" style=${{ left: at(now) }}></span>
      <span class="reach-limit" style=${{ left: at(cutoff) }}></span>
    </span>`;
}
