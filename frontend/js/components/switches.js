/** Language and theme, chosen anywhere, kept for the next visit. */
import { LANGUAGES, chooseLanguage, useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { theme, toggleTheme } from '../core/theme.js';
import { Icon } from './icon.js';

const NAMES = { fr: 'Français', en: 'English' };

export function LanguageSwitch() {
  const { t, lang } = useLanguage();
  return html`
    <div class="segments" role="group" aria-label=${t('app.language')}>
      ${LANGUAGES.map(
        (code) => html`
        <button key=${code} type="button" class="segment" lang=${code} aria-pressed=${String(code === lang)}
          aria-label=${`${code.toUpperCase()} · ${NAMES[code]}`} title=${NAMES[code]} onClick=${() => chooseLanguage(code)}>
          ${code.toUpperCase()}
        </button>`,
      )}
    </div>`;
}

export function ThemeSwitch() {
  const { t } = useLanguage();
  const dark = theme.value === 'dark';
  const label = t(dark ? 'app.toLight' : 'app.toDark');
  return html`
    <button type="button" class="button quiet icon-only" aria-label=${label} title=${label} onClick=${toggleTheme}>
      <${Icon} name=${dark ? 'sun' : 'moon'} />
    </button>`;
}
