/** Help: a page a role, the words of the page, the keyboard and what is new, as docs/help has them. */
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { hrefFor } from '../core/addresses.js';
import { ApiError } from '../core/api-error.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { areShortcutsOn } from '../core/shortcuts.js';
import { roles } from '../session/session.js';

const ROLES = ['advisor', 'back-office', 'operator', 'data-scientist'];
const OTHERS = ['glossary', 'shortcuts', 'new'];

/** @param {{page?: string}} props without a page: the one of the caller's role */
export function Help({ page }) {
  const { t, lang } = useLanguage();
  const pages = inOrder(roles.value);
  const name = page ?? pages[0];
  const { value, error, reload } = useQuery(['help', lang], (signal) => fetchHelp(lang, signal), {
    fresh: Infinity,
  });
  const shown = value?.[name];
  return html`
    <div class="page">
      <${PageTitle}>${t('help.title')}<//>
      <nav class="parts no-print" aria-label=${t('help.pages')}>
        ${pages.map((each) => html`<a key=${each} class="part" href=${hrefFor('help-page', { page: each })} aria-current=${each === name ? 'page' : null}>${t(`help.page.${each}`)}</a>`)}
      </nav>
      ${error && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${!value && !error && html`<${Skeleton} shapes=${['line', 'line', 'line']} />`}
      ${value && !shown && html`<${Empty} title=${t('help.none')} />`}
      ${name === 'shortcuts' && shown && html`<${Switch} />`}
      ${shown && html`<article class="card prose" dangerouslySetInnerHTML=${{ __html: shown }}></article>`}
    </div>`;
}

/** One's own pages come first. */
function inOrder(own) {
  const isOwn = (role) => own.includes(role);
  return [...ROLES.filter(isOwn), ...OTHERS, ...ROLES.filter((role) => !isOwn(role))];
}

/** @returns {Promise<Record<string, string>>} name of a page -> HTML, made from docs/help when the page is built */
async function fetchHelp(lang, signal) {
  const answer = await fetch(`help/${lang}.json`, { signal }).catch(() => null);
  if (!answer?.ok) throw new ApiError('network');
  return answer.json();
}

function Switch() {
  const { t } = useLanguage();
  return html`
    <label class="switch-line">
      <input type="checkbox" checked=${areShortcutsOn.value} onChange=${(event) => (areShortcutsOn.value = event.currentTarget.checked)} />
      ${t('help.keysOn')}
    </label>`;
}
