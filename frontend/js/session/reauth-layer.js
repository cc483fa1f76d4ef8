/** Over a view whose session ended: asks for the password, and leaves the view and its forms as they are. */
import { LoginSteps } from './login-steps.js';
import { closeSession, openSession, username } from './session.js';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';
import { queries } from '../core/queries.js';

export function ReauthLayer() {
  const { t } = useLanguage();
  const dialog = useRef(null);
  const name = username.value;
  useEffect(() => {
    dialog.current.showModal();
    return () => dialog.current?.close();
  }, []);
  const open = (user, tokens) => {
    openSession(user, tokens);
    queries.invalidateQueries();
  };
  // Browsers let an Escape that is repeated close a dialog, whatever it says: it is back at once.
  const stay = () => dialog.current?.showModal();
  return html`
    <dialog class="layer" ref=${dialog} aria-labelledby="layer-title" onCancel=${(event) => event.preventDefault()} onClose=${stay}>
      <p class="layer-lead"><${Icon} name="leave" /><span>${t('login.expired')}</span></p>
      <${LoginSteps} username=${name} titleId="layer-title" onOpen=${open} />
      <button type="button" class="link-button" onClick=${() => closeSession()}>${t('login.other')}</button>
    </dialog>`;
}
