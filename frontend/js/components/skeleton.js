/** Grey shapes of what is about to come, so that nothing jumps when it does. */
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** @param {{shapes: string[]}} props shapes: class names of style, e.g. "title", "line", "block" */
export function Skeleton({ shapes }) {
  const { t } = useLanguage();
  return html`
    <div class="skeleton" role="status">
      <span class="visually-hidden">${t('app.loading')}</span>
      ${shapes.map((shape, index) => html`<span key=${index} class=${`bone ${shape}`}></span>`)}
    </div>`;
}
