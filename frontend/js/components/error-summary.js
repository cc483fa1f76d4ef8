/** What is wrong in a form, together at its head, each leading to its field; takes the focus when it appears. */
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';

/** @param {{errors: {id: string, label: string, message: string}[]}} props nothing is shown without any */
export function ErrorSummary({ errors }) {
  const { t } = useLanguage();
  const box = useRef(null);
  const count = errors.length;
  useEffect(() => {
    if (count > 0) box.current?.focus();
  }, [count]);
  if (count === 0) return null;
  const go = (event, id) => {
    event.preventDefault();
    const field = document.getElementById(id);
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
  };
  return html`
    <div class="notice error error-summary" role="alert" tabindex="-1" ref=${box}>
      <div>
        <p>${t('form.wrong', count)}</p>
        <ul>
          ${errors.map(
            ({ id, label, message }) => html`
            <li key=${id}><a href=${`#${id}`} onClick=${(event) => go(event, id)}>${label}</a>: ${message}</li>`,
          )}
        </ul>
      </div>
    </div>`;
}
