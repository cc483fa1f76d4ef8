/** Six digits of an authenticator app, offered by the keyboards and password managers that know them. */
import { Field } from '../components/field.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

export function CodeField({ autofocus = false }) {
  const { t } = useLanguage();
  return html`<${Field} label=${t('mfa.code')} hint=${t('mfa.codeHint')} name="code" inputmode="numeric"
    autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required autofocus=${autofocus} />`;
}
