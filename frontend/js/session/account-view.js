/** The signed-in user's own account: the second factor of their login. */
import { hasSecondFactor } from './cognito.js';
import { Enrolment } from './enrolment.js';
import { currentToken, username } from './session.js';
import { useAttempt } from './use-attempt.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useState } from '../core/preact.js';
import { config } from '../core/services.js';

export function AccountPage() {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <${PageTitle}>${t('account.title')}<//>
      <p class="lead">${t('account.lead', username.value)}</p>
      <section class="card">
        <h2>${t('mfa.title')}</h2>
        <p>${t('mfa.why')}</p>
        <${SecondFactor} />
      </section>
    </div>`;
}

function SecondFactor() {
  const { t } = useLanguage();
  const { error, run } = useAttempt();
  const [state, setState] = useState(
    /** @type {null | {token: string, has: boolean, enrols: boolean}} */ (null),
  );
  useEffect(() => {
    run(async () => {
      const token = await currentToken(config);
      if (token) setState({ token, has: await hasSecondFactor(config, token), enrols: false });
    });
  }, []);
  if (error) return html`<${Notice} kind="error">${error}<//>`;
  if (!state) return html`<${Skeleton} shapes=${['line', 'line']} />`;
  if (state.enrols) {
    return html`<${Enrolment} proof=${{ accessToken: state.token }} username=${username.value}
      submit=${t('mfa.activate')} onDone=${() => setState({ ...state, has: true, enrols: false })} />`;
  }
  return html`
    <${Notice} kind="info">${t(state.has ? 'mfa.on' : 'mfa.off')}<//>
    <button type="button" class="button" onClick=${() => setState({ ...state, enrols: true })}>
      ${t(state.has ? 'mfa.replace' : 'mfa.begin')}
    </button>`;
}
