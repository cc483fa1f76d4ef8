/** The way in: user name and password, or a first password to choose. */
import { LoginError, logIn, setNewPassword } from './cognito.js';
import { Field, PasswordField } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { RiskCurve } from '../dossier/risk-curve.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { config } from '../core/services.js';
import { expired, openSession } from './session.js';
import { texts } from '../texts/texts.js';

export function Login() {
  const { t } = useLanguage();
  const [challenge, setChallenge] = useState(null);
  return html`
    <div class="login">
      <aside class="login-pitch">
        <p class="login-line">${t('login.pitch')}</p>
        <p class="login-more">${t('login.pitchMore')}</p>
        <${RiskCurve} />
      </aside>
      <section class="login-panel">
        ${
          challenge
            ? html`<${NewPassword} challenge=${challenge} onBack=${() => setChallenge(null)} />`
            : html`<${Credentials} onChallenge=${setChallenge} />`
        }
      </section>
    </div>`;
}

function Credentials({ onChallenge }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [username, password] = [String(fields.get('username')).trim(), String(fields.get('password'))];
    run(async () => {
      const answer = await logIn(config, username, password);
      if (!('challenge' in answer)) openSession(username, answer);
      else if (answer.challenge === 'NEW_PASSWORD_REQUIRED') onChallenge(answer);
      else throw new LoginError('challenge');
    });
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <${PageTitle} focus=${false}>${t('login.title')}<//>
      ${expired.value && html`<${Notice} kind="info">${t('login.expired')}<//>`}
      ${error && html`<${Notice} kind="error">${error}<//>`}
      <${Field} label=${t('login.username')} name="username" autocomplete="username" autocapitalize="none"
        spellcheck="false" required autofocus />
      <${PasswordField} label=${t('login.password')} name="password" autocomplete="current-password" />
      <button class="button primary wide" disabled=${busy}>${t(busy ? 'login.working' : 'login.submit')}</button>
    </form>`;
}

function NewPassword({ challenge, onBack }) {
  const { t } = useLanguage();
  const { busy, error, run, fail } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const { chosen, repeated } = Object.fromEntries(new FormData(event.currentTarget));
    if (chosen !== repeated) return fail(t('login.different'));
    return run(async () => {
      const answer = await setNewPassword(config, challenge, chosen);
      if ('challenge' in answer) throw new LoginError('challenge');
      openSession(challenge.username, answer);
    });
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <${PageTitle}>${t('login.newTitle')}<//>
      <p class="form-lead">${t('login.newWhy')}</p>
      ${error && html`<${Notice} kind="error">${error}<//>`}
      <${PasswordField} label=${t('login.newPassword')} name="chosen" autocomplete="new-password" />
      <${PasswordField} label=${t('login.repeat')} name="repeated" autocomplete="new-password" />
      <button class="button primary wide" disabled=${busy}>${t(busy ? 'login.working' : 'login.newSubmit')}</button>
      <button type="button" class="link-button" onClick=${onBack}>${t('login.back')}</button>
    </form>`;
}

/** Runs one attempt at a time and words its failure. */
function useAttempt() {
  const { t, lang } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const run = async (attempt) => {
    setBusy(true);
    setFailure(null);
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      setFailure(loginErrorKey(error.code, lang));
    } finally {
      setBusy(false);
    }
  };
  const known = failure?.startsWith('login.error.');
  return { busy, run, fail: setFailure, error: known ? t(failure) : failure };
}

function loginErrorKey(code, lang) {
  const key = `login.error.${code}`;
  return key in texts[lang] ? key : 'login.error.unexpected';
}
