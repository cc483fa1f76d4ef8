/** What the login service may want to know after the password: a form for each challenge. */
import { sendCode, setNewPassword } from './cognito.js';
import { CodeField } from './code-field.js';
import { Enrolment } from './enrolment.js';
import { PasswordField } from './password-field.js';
import { useAttempt } from './use-attempt.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { config } from '../core/services.js';

/** Challenge of Cognito -> its form: {challenge, onAnswer}. */
export const FORMS = {
  NEW_PASSWORD_REQUIRED: NewPassword,
  SOFTWARE_TOKEN_MFA: SecondFactor,
  MFA_SETUP: Setup,
};

function NewPassword({ challenge, onAnswer }) {
  const { t } = useLanguage();
  const { busy, error, run, fail } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const { chosen, repeated } = Object.fromEntries(new FormData(event.currentTarget));
    if (chosen !== repeated) return fail(t('login.different'));
    return run(async () => onAnswer(await setNewPassword(config, challenge, chosen)));
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <${PageTitle}>${t('login.newTitle')}<//>
      <p class="form-lead">${t('login.newWhy')}</p>
      ${error && html`<${Notice} kind="error">${error}<//>`}
      <${PasswordField} label=${t('login.newPassword')} name="chosen" autocomplete="new-password" />
      <${PasswordField} label=${t('login.repeat')} name="repeated" autocomplete="new-password" />
      <button class="button primary wide" disabled=${busy}>${t(busy ? 'login.working' : 'login.newSubmit')}</button>
    </form>`;
}

function SecondFactor({ challenge, onAnswer }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAttempt();
  const submit = (event) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    run(async () => onAnswer(await sendCode(config, challenge, code)));
  };
  return html`
    <form class="form" onSubmit=${submit}>
      <${PageTitle}>${t('mfa.askTitle')}<//>
      ${error && html`<${Notice} kind="error">${error}<//>`}
      <${CodeField} autofocus />
      <button class="button primary wide" disabled=${busy}>${t(busy ? 'login.working' : 'login.submit')}</button>
    </form>`;
}

function Setup({ challenge, onAnswer }) {
  const { t } = useLanguage();
  return html`
    <div class="form">
      <${PageTitle}>${t('mfa.title')}<//>
      <p class="form-lead">${t('mfa.required')}</p>
    </div>
    <${Enrolment} proof=${{ session: challenge.session }} username=${challenge.username}
      submit=${t('login.submit')} onDone=${onAnswer} />`;
}
