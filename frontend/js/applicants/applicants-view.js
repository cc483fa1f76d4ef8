/** The work list: what is to review, to confirm, open, decided; searched, filtered, sorted, counted. */
import { FilterPanel } from './filter-panel.js';
import { STATES, countFilters, readWanted, reset, sortedBy, writeWanted } from './filters.js';
import { ResultTable } from './result-table.js';
import { Search } from './search.js';
import { usePages } from './use-pages.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { announce } from '../core/announcer.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { navigate, replaceRoute, route, viewDrawn } from '../core/router.js';
import { api } from '../core/services.js';

export function Applicants() {
  const { t } = useLanguage();
  const wanted = readWanted(route.value.query);
  const list = useRef(null);
  const change = (part) => replaceRoute('applicants', {}, writeWanted({ ...wanted, ...part }));
  const found = usePages(wanted);
  const openFirst = useOpenFirst(found, wanted);
  useEffect(() => {
    if (found.state !== 'ready' || found.isOld) return;
    viewDrawn();
    announce(t('find.total', found.total));
  }, [found.state, found.isOld, found.total]);
  return html`
    <div class="page">
      <${PageTitle} focus=${false}>${t('find.title')}<//>
      <${Tabs} wanted=${wanted} onChoose=${(state) => replaceRoute('applicants', {}, writeWanted({ ...reset(wanted), ...readWanted({ state }), query: wanted.query }))} />
      <div class="list-tools">
        <${Search} query=${wanted.query} list=${list} onSearch=${(query) => change({ query })} onEnter=${openFirst} />
        <${FilterPanel} wanted=${wanted} onChange=${change} />
      </div>
      <div ref=${list}>
        <${Found} found=${found} wanted=${wanted} onSort=${(sort) => change(sortedBy(wanted, sort))} onReset=${() => change(reset(wanted))} />
      </div>
    </div>`;
}

/** How many wait in each of the tabs that are work. */
function Tabs({ wanted, onChoose }) {
  const { t } = useLanguage();
  const review = useCount('review');
  const waiting = useCount('to_confirm');
  const counts = { review, to_confirm: waiting };
  return html`
    <div class="tabs" role="group" aria-label=${t('find.tabs')}>
      ${STATES.map(
        (state) => html`
        <button key=${state} type="button" class="tab" aria-pressed=${String(state === wanted.state)} onClick=${() => onChoose(state)}>
          ${t(`state.${state}`)}${state in counts && html` <${Count} value=${counts[state]} />`}
        </button>`,
      )}
    </div>`;
}

/** Null while it is on its way. Its place is kept, also for nothing: no tab moves when it comes. */
function Count({ value }) {
  const { format } = useLanguage();
  return html`<span class=${value ? 'tab-count' : 'tab-count none'}>${value === null ? '\u2007' : format.number(value)}</span>`;
}

function useCount(state) {
  const { value } = useQuery(['applicants', 'count', state], (signal) =>
    api.findApplicants({ state, limit: 1 }, signal),
  );
  return value?.total ?? null;
}

/** Opens the first applicant found, now or, for who types faster than the service answers, once found. */
function useOpenFirst(found, wanted) {
  const [isWanted, setWanted] = useState(false);
  useEffect(() => {
    if (!isWanted || found.state !== 'ready' || found.isOld) return;
    setWanted(false);
    const [first] = found.items;
    if (first) navigate('applicant', { id: first.applicant_id });
  }, [isWanted, found.state, found.isOld, found.items, wanted.query]);
  return setWanted;
}

function Found({ found, wanted, onSort, onReset }) {
  const { t, format } = useLanguage();
  if (found.state === 'failed') return html`<${Failure} error=${found.error} onRetry=${found.reload} />`;
  if (found.state === 'loading')
    return html`<${Skeleton} shapes=${['row', 'row', 'row', 'row', 'row', 'row']} />`;
  if (found.items.length === 0) return html`<${Nobody} wanted=${wanted} onReset=${onReset} />`;
  return html`
    <p class="list-total">${t('find.total', found.total)}</p>
    <${ResultTable} items=${found.items} wanted=${wanted} isOld=${found.isOld} onSort=${onSort} />
    ${found.more.error && html`<${Failure} error=${found.more.error} />`}
    ${
      found.hasMore &&
      html`
      <p class="list-more">
        <button type="button" class="button" disabled=${found.busy || found.more.busy} onClick=${() => found.more.run()}>
          ${t('find.more', format.number(found.items.length), format.number(found.total))}
        </button>
      </p>`
    }`;
}

function Nobody({ wanted, onReset }) {
  const { t } = useLanguage();
  if (wanted.query || countFilters(wanted) > 0)
    return html`
      <${Empty} title=${t('find.none')} help=${t('find.noneHelp')}>
        <button type="button" class="button" onClick=${onReset}>${t('find.reset')}</button>
      <//>`;
  if (wanted.state !== 'all') return html`<${Empty} title=${t(`find.empty.${wanted.state}`)} />`;
  return html`
    <${Empty} title=${t('find.nobody')} help=${t('find.nobodyHelp')}>
      <a class="button" href=${hrefFor('upload')}>${t('nav.upload')}</a>
    <//>`;
}
