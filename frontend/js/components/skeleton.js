/** Grey shapes of what is about to come, so that nothing jumps when it does; after a while, why it takes long. */
import { useLanguage } from '../core/language.js';
import { html, useEffect, useState } from '../core/preact.js';

/** From when on somebody wonders; the service may be starting. */
const LONG_MS = 2000;

/** @param {{shapes: string[]}} props shapes: class names of style, e.g. "title", "line", "block" */
export function Skeleton({ shapes }) {
  const { t } = useLanguage();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return html`
    <div class="skeleton" role="status">
      <span class=${isLong ? 'skeleton-word' : 'visually-hidden'}>${t(isLong ? 'app.starting' : 'app.loading')}</span>
      ${shapes.map((shape, index) => html`<span key=${index} class=${`bone ${shape}`}></span>`)}
    </div>`;
}
