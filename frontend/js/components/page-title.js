/** The first heading of a view: names the tab, and takes the focus when the view was navigated to. */
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';
import { hasNavigated, isReturn, viewDrawn } from '../core/router.js';

export function PageTitle({ children, focus = true }) {
  const { t } = useLanguage();
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${[children].flat().join('')} · ${t('app.name')}`;
  });
  useEffect(() => {
    // What was said of the view before must not be read out over this one.
    announce('');
    if (hasNavigated() && focus && !isReturn()) heading.current.focus({ preventScroll: true });
    viewDrawn();
  }, []);
  return html`<h1 tabindex="-1" ref=${heading}>${children}</h1>`;
}
