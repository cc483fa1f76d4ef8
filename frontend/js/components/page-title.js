/** The first heading of a view: names the tab, and takes the focus when the view was navigated to. */
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';

/** The page's very first view leaves the focus where the browser put it. */
let first = true;

export function PageTitle({ children, focus = true }) {
  const { t } = useLanguage();
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${children} · ${t('app.name')}`;
  });
  useEffect(() => {
    if (!first && focus) heading.current.focus({ preventScroll: true });
    if (!first) scrollTo(0, 0);
    first = false;
  }, []);
  return html`<h1 tabindex="-1" ref=${heading}>${children}</h1>`;
}
