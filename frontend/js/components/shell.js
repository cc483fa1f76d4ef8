/** What stays while the views change: skip link, header, announcements, footer. */
import { announcement } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { route } from '../core/router.js';
import { hrefFor } from '../core/routes.js';
import { closeSession, username } from '../session/session.js';
import { Brand } from './brand.js';
import { Icon } from './icon.js';
import { ModelFooter } from '../model/model-footer.js';
import { LanguageSwitch, ThemeSwitch } from './switches.js';

/** Section of the navigation -> routes under it. */
const SECTIONS = { applicants: ['applicants', 'applicant'], upload: ['upload', 'batch'] };

export function Shell({ children }) {
  return html`
    <${SkipLink} />
    <${Header} />
    <main id="main" tabindex="-1">${children}</main>
    ${username.value && html`<${ModelFooter} />`}
    <div class="visually-hidden" role="status" aria-live="polite">${announcement.value}</div>`;
}

/** Not a plain link to #main: the address after # is the route. */
function SkipLink() {
  const { t } = useLanguage();
  const skip = (event) => {
    event.preventDefault();
    document.getElementById('main').focus();
  };
  return html`<a class="skip-link" href="#main" onClick=${skip}>${t('app.skip')}</a>`;
}

function Header() {
  const { t } = useLanguage();
  return html`
    <header class="header">
      <div class="header-inner">
        <a class="brand-link" href=${hrefFor('applicants')}><${Brand} name=${t('app.name')} desk=${t('app.desk')} /></a>
        ${username.value && html`<${Navigation} />`}
        <div class="header-tools">
          <${LanguageSwitch} />
          <${ThemeSwitch} />
          ${username.value && html`<${Account} />`}
        </div>
      </div>
    </header>`;
}

function Navigation() {
  const { t } = useLanguage();
  const link = ([section, routes]) => html`
    <a key=${section} class="nav-link" href=${hrefFor(section)}
      aria-current=${routes.includes(route.value.name) ? 'page' : null}>${t(`nav.${section}`)}</a>`;
  return html`<nav class="nav" aria-label=${t('app.nav')}>${Object.entries(SECTIONS).map(link)}</nav>`;
}

function Account() {
  const { t } = useLanguage();
  return html`
    <a class="account" href=${hrefFor('account')} title=${t('account.title')}>${username.value}</a>
    <button type="button" class="button quiet icon-only" aria-label=${t('app.signOut')} title=${t('app.signOut')}
      onClick=${() => closeSession()}>
      <${Icon} name="leave" />
    </button>`;
}
