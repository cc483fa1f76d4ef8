/** Nothing to show, said kindly, with what to do next. */
import { html } from '../core/preact.js';

export function Empty({ title, help, children }) {
  return html`
    <div class="empty">
      <p class="empty-title">${title}</p>
      ${help && html`<p class="empty-help">${help}</p>`}
      ${children}
    </div>`;
}
