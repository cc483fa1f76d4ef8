/**
 * Where the user is: one signal that follows the address bar.
 *
 * Each entry of the history remembers how far it was scrolled: Back shows a list as it was left. The
 * view says when it is drawn (`viewDrawn`), for before that there is nothing to scroll.
 */
import { signal } from './preact.js';
import { hrefFor, parseRoute } from './addresses.js';

export const route = signal(parseRoute(globalThis.location?.hash ?? ''));

/** Number of a history entry -> how far it was scrolled, in px. */
const positions = new Map();
let entry = 0;
let hasMoved = false;
let last = 0;
/** What the next drawn view scrolls to; null once that is done. */
let wanted = null;

/** Begins to follow the address; called once, by the page. */
export function followAddress() {
  history.scrollRestoration = 'manual';
  entry = last = history.state?.entry ?? 0;
  history.replaceState({ entry }, '');
  addEventListener('scroll', () => positions.set(entry, scrollY), { passive: true });
  addEventListener('hashchange', () => {
    hasMoved = true;
    const known = history.state?.entry;
    if (known === undefined) history.replaceState({ entry: ++last }, '');
    entry = known ?? last;
    wanted = positions.get(entry) ?? 0;
    route.value = parseRoute(location.hash);
  });
}

/** Whether one went anywhere since the page was loaded: only then a heading takes the focus. */
export function hasNavigated() {
  return hasMoved;
}

/** Whether one came back to what was seen before: then the focus stays out of it. */
export function isReturn() {
  return wanted !== null && wanted > 0;
}

/** Scrolls to where this entry was left; called by a view whose content is there. */
export function viewDrawn() {
  if (wanted === null) return;
  scrollTo(0, wanted);
  if (wanted === 0 || Math.abs(scrollY - wanted) < 2) wanted = null;
}

/** Goes to a route as a click on a link would. */
export function navigate(name, params, query) {
  location.hash = hrefFor(name, params, query);
}

/** Rewrites the address without a step in the history, e.g. while someone types a search. */
export function replaceRoute(name, params, query) {
  history.replaceState(history.state, '', hrefFor(name, params, query));
  route.value = parseRoute(location.hash);
}
