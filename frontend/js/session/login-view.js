/** The way in. */
import { LoginSteps } from './login-steps.js';
import { openSession } from './session.js';
import { RiskCurve } from '../components/risk-curve.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect } from '../core/preact.js';

export function Login() {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${t('login.title')} · ${t('app.name')}`;
  });
  return html`
    <div class="login">
      <aside class="login-pitch">
        <p class="login-line">${t('login.pitch')}</p>
        <p class="login-more">${t('login.pitchMore')}</p>
        <${RiskCurve} />
      </aside>
      <section class="login-panel"><${LoginSteps} onOpen=${openSession} /></section>
    </div>`;
}
