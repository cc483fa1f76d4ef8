/** A password, which can be shown while it is typed. */
import { Field } from '../components/field.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';

export function PasswordField({ label, name, autocomplete }) {
  const { t } = useLanguage();
  const [shown, setShown] = useState(false);
  return html`
    <${Field} label=${label} name=${name} autocomplete=${autocomplete} type=${shown ? 'text' : 'password'} required>
      <button type="button" class="field-action" aria-pressed=${String(shown)} onClick=${() => setShown(!shown)}>
        ${t(shown ? 'login.hide' : 'login.show')}<span class="visually-hidden"> (${label})</span>
      </button>
    <//>`;
}
