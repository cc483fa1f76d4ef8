/** Language and theme, chosen anywhere, kept for the next visit. */
import { LANGUAGES, chooseLanguage, useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { THEMES, chooseTheme, chosenTheme } from '../core/theme.js';
import { Icon } from './icon.js';

const NAMES = { fr: 'Français', en: 'English' };
const SIGNS = { system: 'screen', light: 'sun', dark: 'moon' };

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

/** One button that goes on to the next theme: system, light, dark. */
export function ThemeSwitch() {
  const { t } = useLanguage();
  const now = chosenTheme.value;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  const label = `${t(`app.theme.${now}`)} · ${t('app.themeNext', t(`app.theme.${next}`))}`;
  return html`
    <button type="button" class="button quiet icon-only" aria-label=${label} title=${label} onClick=${() => chooseTheme(next)}>
      <${Icon} name=${SIGNS[now]} />
    </button>`;
}
