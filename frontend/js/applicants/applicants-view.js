/** Find an applicant by the first digits of the application number. */
import { announce } from '../core/announcer.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { navigate, replaceRoute, route } from '../core/router.js';
import { hrefFor } from '../core/routes.js';
import { api } from '../core/services.js';
import { useLoad } from '../core/use-load.js';

const PAUSE_MS = 200;

export function Applicants() {
  const { t } = useLanguage();
  const query = route.value.query.query ?? '';
  const list = useRef(null);
  const found = useLoad((signal) => findApplicants(query, signal), [query]);
  const openFirst = useOpenFirst(found, query);
  useEffect(() => {
    if (found.state === 'ready') announce(t('find.count', found.value.items.length));
  }, [found.state, query]);
  return html`
    <div class="page">
      <${PageTitle} focus=${false}>${t('find.title')}<//>
      <${Search} query=${query} list=${list} onEnter=${openFirst} />
      <div ref=${list} onKeyDown=${(event) => moveInList(event, list.current)}>
        <${Found} found=${found} query=${query} />
      </div>
    </div>`;
}

/** The answer keeps the question, as an older answer stays shown while the next one is on its way. */
async function findApplicants(query, signal) {
  return { query, ...(await api.findApplicants(query, signal)) };
}

/** Opens the first applicant found, now or, for who types faster than the service answers, once found. */
function useOpenFirst(found, query) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (!wanted || found.state !== 'ready' || found.value.query !== query) return;
    setWanted(false);
    const [first] = found.value.items;
    if (first) navigate('applicant', { id: first.applicant_id });
  }, [wanted, found.state, found.value, query]);
  return setWanted;
}

function Search({ query, list, onEnter }) {
  const { t } = useLanguage();
  const input = useRef(null);
  const [typed, setTyped] = useState(query);
  useEffect(() => {
    if (typed === query) return undefined;
    // Gone as soon as the address has caught up: after Enter it would call back who is leaving.
    const timer = setTimeout(() => replaceRoute('applicants', {}, { query: typed }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, query]);
  useEffect(() => startSearching(input.current), []);
  const search = (text) => {
    setTyped(text);
    replaceRoute('applicants', {}, { query: text });
  };
  const onKeyDown = (event) => {
    if (event.key === 'ArrowDown') focusLink(event, links(list.current)[0]);
    const text = event.currentTarget.value.trim();
    if (event.key === 'Enter') search(text);
    onEnter(event.key === 'Enter' && text !== '');
  };
  return html`
    <div class="search" role="search">
      <label for="query">${t('find.label')}</label>
      <div class="search-box">
        <${Icon} name="search" />
        <input id="query" ref=${input} class="input" type="search" inputmode="search" autocomplete="off" spellcheck="false"
          maxlength="32" placeholder=${t('find.placeholder')} value=${typed} aria-describedby="query-hint"
          onInput=${(event) => setTyped(event.currentTarget.value.trim())} onKeyDown=${onKeyDown} />
        <kbd aria-hidden="true" title=${t('find.shortcut')}>/</kbd>
      </div>
      <p class="field-hint" id="query-hint">${t('find.hint')}</p>
    </div>`;
}

function Found({ found, query }) {
  const { t } = useLanguage();
  if (found.state === 'failed') return html`<${Failure} error=${found.error} onRetry=${found.reload} />`;
  if (!found.value) return html`<${Skeleton} shapes=${['row', 'row', 'row', 'row', 'row', 'row']} />`;
  const { items, cursor } = found.value;
  if (items.length === 0 && found.state === 'loading') return html`<${Skeleton} shapes=${['row']} />`;
  if (items.length === 0) return html`<${Nobody} query=${query} />`;
  return html`
    <${Results} items=${items} query=${query} busy=${found.state === 'loading'} />
    ${cursor && html`<p class="list-note">${t('find.more', items.length)}</p>`}`;
}

function Nobody({ query }) {
  const { t } = useLanguage();
  if (query) return html`<${Empty} title=${t('find.none', query)} help=${t('find.noneHelp')} />`;
  return html`
    <${Empty} title=${t('find.empty')} help=${t('find.emptyHelp')}>
      <a class="button" href=${hrefFor('upload')}>${t('nav.upload')}</a>
    <//>`;
}

function Results({ items, query, busy }) {
  const { t } = useLanguage();
  return html`
    <div class="list-card" aria-busy=${String(busy)}>
      <div class="list-head" aria-hidden="true">
        <span>${t('find.id')}</span><span>${t('find.branch')}</span><span>${t('find.updated')}</span><span></span>
      </div>
      <ul class="list">${items.map((item) => html`<${Result} key=${item.applicant_id} item=${item} query=${query} />`)}</ul>
    </div>`;
}

function Result({ item, query }) {
  const { t, format } = useLanguage();
  const { applicant_id: id } = item;
  const typed = id.startsWith(query) ? query.length : 0;
  const hidden = (key) => html`<span class="visually-hidden">${t(key)} </span>`;
  return html`
    <li>
      <a class="list-row" href=${hrefFor('applicant', { id })}>
        <span class="list-id"><mark>${id.slice(0, typed)}</mark>${id.slice(typed)}</span>
        <span class="list-branch">${hidden('find.branch')}${item.branch ?? '—'}</span>
        <span class="list-date">${hidden('find.updated')}${format.dateTime(item.updated_at)}</span>
        <${Icon} name="chevron" />
      </a>
    </li>`;
}

/** Up, Down, Home and End walk through the links; Up from the first goes back to the search. */
function moveInList(event, list) {
  const all = links(list);
  const at = all.indexOf(document.activeElement);
  const targets = {
    ArrowDown: all[at + 1],
    ArrowUp: all[at - 1] ?? document.getElementById('query'),
    Home: all[0],
    End: all.at(-1),
  };
  if (at >= 0 && event.key in targets) focusLink(event, targets[event.key]);
}

function links(list) {
  return [...list.querySelectorAll('a.list-row')];
}

function focusLink(event, link) {
  event.preventDefault();
  link?.focus();
}

/** The view is for typing, so it begins there (but no keyboard jumps up on a phone); "/" comes back to it. */
function startSearching(input) {
  if (matchMedia('(pointer: fine)').matches) input.focus({ preventScroll: true });
  const listen = (event) => {
    if (
      event.key !== '/' ||
      event.ctrlKey ||
      event.metaKey ||
      event.target.closest('input, textarea, select')
    )
      return;
    focusLink(event, input);
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
