/** What is left to repair of a file, how, and which files repaired it; or which ones it repairs. */
import { nameOf } from './batch-record.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { hrefFor } from '../core/addresses.js';
import { mayShow, viewOf } from '../core/views.js';
import { Icon } from '../components/icon.js';
import { roles } from '../session/session.js';

/** @param {{batch: import('./batch-record.js').Batch}} props */
export function BatchRepair({ batch }) {
  const { t, format } = useLanguage();
  const open = batch.open_rejects ?? batch.rejected;
  if (!batch.rejected) return null;
  return html`
    <section class="card" aria-labelledby="repair-title">
      <h2 id="repair-title">${t('batch.repair')}</h2>
      ${
        open > 0
          ? html`<p class="open-rejects">${t('batch.open', open, format.number(open))}</p><${Ways} batch=${batch} />`
          : html`<p class="all-good"><${Icon} name="accept" />${t('batch.allRepaired')}</p>`
      }
      <${Linked} branch=${batch.branch} files=${batch.manifest.completed?.batches ?? []} word="batch.repairedBy" />
    </section>`;
}

/** @param {{batch: import('./batch-record.js').Batch}} props */
export function BatchRepairs({ batch }) {
  const { t } = useLanguage();
  const originals = (batch.manifest.resend_of ?? []).filter(({ rows }) => rows > 0);
  if (originals.length === 0) return null;
  return html`
    <section class="card" aria-labelledby="repairs-title">
      <h2 id="repairs-title">${t('batch.repairs')}</h2>
      <${Linked} branch=${batch.branch} files=${originals} word="batch.repairsRows" />
    </section>`;
}

/** In the page, for who may send files; by the file itself, for everybody. */
function Ways({ batch }) {
  const { t } = useLanguage();
  if (!mayShow(viewOf('repair'), roles.value)) return html`<${Steps} />`;
  return html`
    <p class="repair-here"><a class="button primary" href=${hrefFor('repair', { batch: batch.batch })}>${t('batch.repairHere')}</a></p>
    <details class="ignored"><summary>${t('batch.repairByFile')}</summary><${Steps} /></details>`;
}

function Steps() {
  const { t } = useLanguage();
  return html`
    <ol class="steps">
      <li>${t('batch.stepDownload')}</li>
      <li>${t('batch.stepCorrect')}</li>
      <li>${t('batch.stepSend')}</li>
    </ol>`;
}

/** @param {{branch: string, files: {batch: string, rows: number}[], word: string}} props */
function Linked({ branch, files, word }) {
  const { t, format } = useLanguage();
  if (files.length === 0) return null;
  return html`
    <ul class="linked">
      ${files.map(
        ({ batch, rows }) => html`
        <li key=${batch}>
          ${t(word, rows, format.number(rows))} <a href=${hrefFor('batch', { batch: `${branch}/${batch}` })}>${nameOf({ batch: `${branch}/${batch}` })}</a>
        </li>`,
      )}
    </ul>`;
}
