/** The steps of a login: name and password, then whatever else the login service wants to know. */
import { LoginError, logIn } from './cognito.js';
import { PasswordField } from './password-field.js';
import { useAttempt } from './use-attempt.js';
import { Field } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { config } from '../core/services.js';

/**
 * @param {{username?: string, titleId?: string, onOpen: (name: string, tokens: import('./cognito.js').Tokens) => void}} props
 *   username : whose password is asked for; anybody's without
 */
export function LoginSteps({ username, titleId, onOpen }) {
  const { t } = useLanguage();
  const [challenge, setChallenge] = useState(null);
  const proceed = async (answer, name) => {
    if (!('challenge' in answer)) return onOpen(name, answer);
    const Form = await formFor(answer.challenge);
    return setChallenge({ ...answer, name, Form });
  };
  if (!challenge) return html`<${Credentials} username=${username} titleId=${titleId} onAnswer=${proceed} />`;
  return html`
    <${challenge.Form} key=${challenge.session} challenge=${challenge}
      onAnswer=${(answer) => proceed(answer, challenge.name)} />
    <button type="button" class="link-button" onClick=${() => setChallenge(null)}>${t('login.back')}</button>`;
}

/** Few logins are asked for more: the forms are fetched when one is. */
async function formFor(challenge) {
  const { FORMS } = await import('./challenge-forms.js');
  if (!(challenge in FORMS)) throw new LoginError('challenge');
  return FORMS[challenge];
}

function Credentials({ username, titleId, onAnswer }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = username ?? String(fields.get('username')).trim();
    const password = String(fields.get('password'));
    run(async () => onAnswer(await logIn(config, name, password), name));
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <h1 id=${titleId} tabindex="-1">${username ? t('login.again', username) : t('login.title')}</h1>
      ${error && html`<${Notice} kind="error">${error}<//>`}
      ${
        username
          ? html`<input type="hidden" name="username" value=${username} autocomplete="username" />`
          : html`<${Field} label=${t('login.username')} name="username" autocomplete="username" autocapitalize="none"
              spellcheck="false" required autofocus />`
      }
      <${PasswordField} label=${t('login.password')} name="password" autocomplete="current-password" autofocus=${Boolean(username)} />
      <button class="button primary wide" disabled=${busy}>${t(busy ? 'login.working' : 'login.submit')}</button>
    </form>`;
}
