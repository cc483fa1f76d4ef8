/** What stays while the views change: skip link, header, announcements, footer. */
import { announcement } from '../core/announcer.js';
import { HOME, hrefFor } from '../core/addresses.js';
import { facing } from '../core/facing.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useState } from '../core/preact.js';
import { route } from '../core/router.js';
import { sectionsOf, viewOf } from '../core/views.js';
import { closeSession, roles, username } from '../session/session.js';
import { Brand } from './brand.js';
import { Icon } from './icon.js';
import { ModelFooter } from './model-footer.js';
import { LanguageSwitch, ThemeSwitch } from './switches.js';

export function Shell({ children }) {
  return html`
    <${SkipLink} />
    <${Header} />
    <${Offline} />
    <main id="main" tabindex="-1">${children}</main>
    ${username.value && !facing.value && html`<${ModelFooter} />`}
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
  // Before the login nobody has a role, and most who come are advisors.
  const isStaff = roles.value.length > 0 && !roles.value.includes('advisor');
  // The tools are made anew by the login (key): those that were there would be moved by those that come.
  return html`
    <header class="header">
      <div class="header-inner">
        <a class="brand-link" href=${hrefFor(HOME)}><${Brand} name=${t('app.name')} desk=${t(isStaff ? 'app.staff' : 'app.desk')} /></a>
        ${username.value && !facing.value && html`<${Navigation} />`}
        <div class="header-tools" key=${username.value ? 'in' : 'out'}>
          <${LanguageSwitch} />
          <${ThemeSwitch} />
          ${username.value && !facing.value && html`<${HelpLink} /><${Account} />`}
        </div>
      </div>
    </header>`;
}

function Navigation() {
  const { t } = useLanguage();
  const here = viewOf(route.value.name)?.section;
  const link = ({ name, section }) => html`
    <a key=${section} class="nav-link" href=${hrefFor(name)} aria-current=${section === here ? 'page' : null}>
      ${t(`nav.${section}`)}
    </a>`;
  return html`<nav class="nav" aria-label=${t('app.nav')}>${sectionsOf(roles.value).map(link)}</nav>`;
}

function HelpLink() {
  const { t } = useLanguage();
  const isHere = viewOf(route.value.name)?.section === 'help';
  return html`
    <a class="button quiet icon-only" href=${hrefFor('help')} aria-label=${t('nav.help')} title=${t('nav.help')}
      aria-current=${isHere ? 'page' : null}>
      <${Icon} name="help" />
    </a>`;
}

function Account() {
  const { t } = useLanguage();
  return html`
    <a class="account" href=${hrefFor('account')} title=${t('nav.account')}>${username.value}</a>
    <button type="button" class="button quiet icon-only" aria-label=${t('app.signOut')} title=${t('app.signOut')}
      onClick=${() => closeSession()}>
      <${Icon} name="leave" />
    </button>`;
}

function Offline() {
  const { t } = useLanguage();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return !online && html`<p class="offline" role="status"><${Icon} name="alert" />${t('app.offline')}</p>`;
}
