/** Where the advisor is: one signal that follows the address bar. */
import { signal } from './preact.js';
import { hrefFor, parseRoute } from './routes.js';

export const route = signal(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Goes to a route as a click on a link would. */
export function navigate(name, params, query) {
  location.hash = hrefFor(name, params, query);
}

/** Rewrites the address without a step in the history, e.g. while someone types a search. */
export function replaceRoute(name, params, query) {
  history.replaceState(null, '', hrefFor(name, params, query));
  route.value = parseRoute(location.hash);
}
