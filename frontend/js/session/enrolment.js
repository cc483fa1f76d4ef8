/** Tie an authenticator app to an account: scan or type the secret, then show by a code that it works. */
import { confirmSecret, newSecret, secretAddress } from './cognito.js';
import { CodeField } from './code-field.js';
import { useAttempt } from './use-attempt.js';
import { Notice } from '../components/notice.js';
import { QrCode } from '../components/qr-code.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useState } from '../core/preact.js';
import { config } from '../core/services.js';

/**
 * @param {{proof: import('./cognito.js').Proof, username: string, submit: string,
 *   onDone: (answer: unknown) => void}} props submit: the button's words; onDone gets what `confirmSecret` gives
 */
export function Enrolment({ proof, username, submit, onDone }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAttempt();
  const [begun, setBegun] = useState(null);
  useEffect(() => {
    run(async () => setBegun(await newSecret(config, proof)));
  }, []);
  const confirm = (event) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    run(async () => onDone(await confirmSecret(config, begun.proof, code, username)));
  };
  return html`
    <form class="form" onSubmit=${confirm}>
      ${error && html`<${Notice} kind="error">${error}<//>`}
      ${begun && html`<${Secret} secret=${begun.secret} username=${username} />`}
      <${CodeField} />
      <button class="button primary wide" disabled=${busy || !begun}>${busy ? t('login.working') : submit}</button>
    </form>`;
}

function Secret({ secret, username }) {
  const { t } = useLanguage();
  const address = secretAddress(secret, username, t('app.name'));
  const groups = secret.match(/.{1,4}/g).join(' ');
  return html`
    <ol class="steps">
      <li>${t('mfa.install')}</li>
      <li>${t('mfa.scan')}
        <${QrCode} text=${address} label=${t('mfa.qr')} />
        <p class="field-hint">${t('mfa.orType')} <a href=${address}>${t('mfa.openApp')}</a></p>
        <code class="secret">${groups}</code>
      </li>
      <li>${t('mfa.thenCode')}</li>
    </ol>`;
}
