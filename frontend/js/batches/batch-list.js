/** The files that came, newest first, filtered by the address, each a link to its result; what is being scored shows how far it is. */
import { nameOf, shareDone, whyFailed } from './batch-record.js';
import { STATES, askedOf, isNarrowed, readFilters } from './list-filters.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { replaceRoute, route } from '../core/router.js';
import { hrefFor } from '../core/addresses.js';
import { useBatches } from './use-batches.js';
import { BatchStatus } from './batch-status.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';

export function BatchList() {
  const { t } = useLanguage();
  const filters = readFilters(route.value.query);
  const change = (part) => replaceRoute('upload', {}, { ...filters, ...part });
  const found = useBatches(askedOf(filters));
  return html`
    <section class="received" aria-labelledby="received-title">
      <div class="received-head">
        <h2 id="received-title">${t('files.title')}</h2>
        <${StatusFilter} chosen=${filters.status} onChoose=${(status) => change({ status })} />
        <${TextFilter} label=${t('files.branch')} most="32" typed=${filters.branch} onType=${(branch) => change({ branch })} />
      </div>
      <div class="received-filters">
        <${TextFilter} label=${t('files.name')} most="100" typed=${filters.name} onType=${(name) => change({ name })} />
        <${DayFilter} label=${t('files.from')} day=${filters.from} onChoose=${(from) => change({ from })} />
        <${DayFilter} label=${t('files.to')} day=${filters.to} onChoose=${(to) => change({ to })} />
        <label class="open-only"><input type="checkbox" checked=${filters.open === 'yes'} onChange=${(event) => change({ open: event.currentTarget.checked ? 'yes' : '' })} /> ${t('files.openOnly')}</label>
        ${isNarrowed(filters) && html`<button type="button" class="link-button" onClick=${() => replaceRoute('upload')}>${t('files.reset')}</button>`}
      </div>
      <${Found} found=${found} filtered=${isNarrowed(filters)} />
    </section>`;
}

function StatusFilter({ chosen, onChoose }) {
  const { t } = useLanguage();
  return html`
    <div class="segments" role="group" aria-label=${t('files.show')}>
      ${STATES.map(
        (state) => html`
        <button key=${state} type="button" class="segment" aria-pressed=${String(chosen === state)} onClick=${() => onChoose(state)}>
          ${t(`files.${state || 'all'}`)}
        </button>`,
      )}
    </div>`;
}

function TextFilter({ label, most, typed, onType }) {
  return html`
    <input class="input filter" type="search" autocomplete="off" autocapitalize="none" spellcheck=${false} maxlength=${most}
      aria-label=${label} placeholder=${label} value=${typed}
      onInput=${(event) => onType(event.currentTarget.value.trim())} />`;
}

function DayFilter({ label, day, onChoose }) {
  return html`<label class="day">${label} <input class="input filter" type="date" value=${day} onChange=${(event) => onChoose(event.currentTarget.value)} /></label>`;
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
