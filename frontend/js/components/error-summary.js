/** What is wrong in a form, together at its head, each leading to its field; takes the focus at each try. */
import { useLanguage } from '../core/language.js';
import { html, useLayoutEffect, useRef } from '../core/preact.js';

/**
 * @param {{errors: {id: string, label: string, message: string}[], tries: number}} props
 *   tries : how often the form was sent with mistakes; nothing is shown before, nor without any
 */
export function ErrorSummary({ errors, tries }) {
  const { t } = useLanguage();
  const box = useRef(null);
  const count = errors.length;
  // Before anybody sees it: a focus that comes later would be taken from who has followed a link already.
  useLayoutEffect(() => box.current?.focus(), [tries]);
  if (count === 0 || tries === 0) return null;
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
            <li key=${id}><a href=${`#${id}`} onClick=${(event) => go(event, id)}>${label}</a>${t('form.wrongOne', message)}</li>`,
          )}
        </ul>
      </div>
    </div>`;
}
