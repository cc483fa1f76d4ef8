/** The files that came, newest first, each a link to its result; what is being scored shows how far it is. */
import { nameOf, shareDone, whyFailed } from './batch-record.js';
import { isBranch } from './csv-choice.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { hrefFor } from '../core/addresses.js';
import { useBatches } from './use-batches.js';
import { BatchStatus } from './batch-status.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';

/** The states that can be asked for; the first is any. */
const STATES = ['', 'running', 'finished', 'failed'];

export function BatchList() {
  const { t } = useLanguage();
  const [status, setStatus] = useState('');
  const [typed, setTyped] = useState('');
  const branch = isBranch(typed) ? typed : '';
  const found = useBatches({ branch, status });
  return html`
    <section class="received" aria-labelledby="received-title">
      <div class="received-head">
        <h2 id="received-title">${t('files.title')}</h2>
        <${StatusFilter} chosen=${status} onChoose=${setStatus} />
        <${BranchFilter} typed=${typed} onType=${setTyped} />
      </div>
      <${Found} found=${found} filtered=${Boolean(branch || status)} />
    </section>`;
}

function StatusFilter({ chosen, onChoose }) {
  const { t } = useLanguage();
  return html`
    <div class="segments" role="group" aria-label=${t('files.show')}>
      ${STATES.map(
        (state) => html`
        <button key=${state} type="button" class="segment" aria-pressed=${chosen === state} onClick=${() => onChoose(state)}>
          ${t(`files.${state || 'all'}`)}
        </button>`,
      )}
    </div>`;
}

function BranchFilter({ typed, onType }) {
  const { t } = useLanguage();
  return html`
    <input class="input filter" type="search" autocomplete="off" autocapitalize="none" spellcheck=${false} maxlength="32"
      aria-label=${t('files.branch')} placeholder=${t('files.branch')} value=${typed}
      onInput=${(event) => onType(event.currentTarget.value.trim())} />`;
}

function Found({ found: { items, error, hasMore, showMore, reload }, filtered }) {
  const { t } = useLanguage();
  if (error && !items) return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (!items) return html`<${Skeleton} shapes=${['line', 'line', 'line']} />`;
  if (items.length === 0) return html`<${Empty} title=${t(filtered ? 'files.noneSuch' : 'files.none')} />`;
  return html`
    <ul class="list list-card">
      ${items.map((batch) => html`<li key=${batch.batch}><${Row} batch=${batch} /></li>`)}
    </ul>
    ${hasMore && html`<button type="button" class="button more" onClick=${showMore}>${t('files.more')}</button>`}`;
}

function Row({ batch }) {
  const { format } = useLanguage();
  return html`
    <a class="list-row received-row" href=${hrefFor('batch', { batch: batch.batch })}>
      <span class="received-name">
        <span class="list-id">${nameOf(batch)}</span>
        <span class="list-date">${batch.branch} · ${format.dateTime(batch.received_at)}</span>
      </span>
      <${BatchStatus} status=${batch.status} />
      <${Counts} batch=${batch} />
      <${Icon} name="chevron" />
    </a>`;
}

function Counts({ batch }) {
  const { lang } = useLanguage();
  if (batch.status === 'failed')
    return html`<span class="received-counts why">${whyFailed(batch, lang)}</span>`;
  if (batch.status === 'running') return html`<${Running} batch=${batch} />`;
  return html`<span class="received-counts">${batch.status === 'finished' && html`<${Finished} batch=${batch} />`}</span>`;
}

function Finished({ batch: { scored, rejected, open_rejects: open } }) {
  const { t, format } = useLanguage();
  return html`
    <span>${t('files.scored', scored, format.number(scored))}</span>
    ${open > 0 && html`<span class="open">${t('files.open', open, format.number(open))}</span>`}
    ${rejected > open && html`<span>${t('files.repaired', rejected - open, format.number(rejected - open))}</span>`}`;
}

/** Only words for who cannot see: a progress bar in every row would be read out at every step. */
function Running({ batch }) {
  const { t, format } = useLanguage();
  const share = shareDone(batch);
  if (share === null) return html`<span class="received-counts"></span>`;
  return html`
    <span class="received-counts">
      <span>${t('batch.progress', format.number(batch.rows_done), format.number(batch.rows))}</span>
      <span class="progress-track" aria-hidden="true">
        <span class="progress-fill" style=${{ width: `${(share * 100).toFixed(1)}%` }}></span>
      </span>
    </span>`;
}
