/** The first heading of a view: names the tab, and takes the focus when the view was navigated to. */
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';
import { isReturn, viewDrawn } from '../core/router.js';

/** The page's very first view leaves the focus where the browser put it. */
let first = true;

export function PageTitle({ children, focus = true }) {
  const { t } = useLanguage();
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${[children].flat().join('')} · ${t('app.name')}`;
  });
  useEffect(() => {
    // What was said of the view before must not be read out over this one.
    announce('');
    if (!first && focus && !isReturn()) heading.current.focus({ preventScroll: true });
    if (!first) viewDrawn();
    first = false;
  }, []);
  return html`<h1 tabindex="-1" ref=${heading}>${children}</h1>`;
}
