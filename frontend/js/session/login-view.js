/** The way in: user name and password, then whatever else the login service wants to know. */
import { LoginError, logIn } from './cognito.js';
import { useAttempt } from './use-attempt.js';
import { Field, PasswordField } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { RiskCurve } from '../dossier/risk-curve.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { config } from '../core/services.js';
import { expired, openSession } from './session.js';

export function Login() {
  const { t } = useLanguage();
  const [challenge, setChallenge] = useState(null);
  const proceed = async (answer, username) => {
    if (!('challenge' in answer)) return openSession(username, answer);
    const Form = await formFor(answer.challenge);
    return setChallenge({ ...answer, name: username, Form });
  };
  const Form = challenge?.Form ?? Credentials;
  return html`
    <div class="login">
      <aside class="login-pitch">
        <p class="login-line">${t('login.pitch')}</p>
        <p class="login-more">${t('login.pitchMore')}</p>
        <${RiskCurve} />
      </aside>
      <section class="login-panel">
        <${Form} key=${challenge?.session} challenge=${challenge}
          onAnswer=${(answer, username) => proceed(answer, username ?? challenge.name)} />
        ${
          challenge &&
          html`<button type="button" class="link-button" onClick=${() => setChallenge(null)}>${t('login.back')}</button>`
        }
      </section>
    </div>`;
}

/** Few logins are asked for more: the forms are fetched when one is. */
async function formFor(challenge) {
  const { FORMS } = await import('./challenge-forms.js');
  if (!(challenge in FORMS)) throw new LoginError('challenge');
  return FORMS[challenge];
}

function Credentials({ onAnswer }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [username, password] = [String(fields.get('username')).trim(), String(fields.get('password'))];
    run(async () => onAnswer(await logIn(config, username, password), username));
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
