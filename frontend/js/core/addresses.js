/**
 * Addresses, both ways: text -> route -> text, by the table of views.
 *
 * @typedef {{name: string, params: Record<string, string>, query: Record<string, string>}} Route
 */
import { VIEWS, viewOf } from './views.js';

/** The route of the address without a path: where one begins depends on who it is. */
export const HOME = 'home';

/**
 * Reads the part of the address after #.
 *
 * @param {string} hash e.g. "#/applicants/100002"
 * @returns {Route} the route named "missing" when no pattern fits
 */
export function parseRoute(hash) {
  const [path, search = ''] = hash.replace(/^#/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  if (path === '' || path === '/') return { name: HOME, params: {}, query };
  for (const { name, pattern } of VIEWS) {
    const params = match(pattern, path);
    if (params) return { name, params, query };
  }
  return { name: 'missing', params: {}, query };
}

/**
 * Writes an address, leaving out empty query values.
 *
 * @param {string} name
 * @param {Record<string, string>} [params]
 * @param {Record<string, string>} [query]
 */
export function hrefFor(name, params = {}, query = {}) {
  if (name === HOME) return '#/';
  const pattern = viewOf(name)?.pattern;
  if (!pattern) throw new Error(`No route is called ${name}`);
  const path = pattern.replace(/:(\w+)/g, (_, key) => encodeURIComponent(params[key]));
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  return `#${path}${search ? `?${search}` : ''}`;
}

/** @returns {Record<string, string> | null} */
function match(pattern, path) {
  const expected = pattern.split('/');
  const found = path.replace(/\/$/, '').split('/');
  if (expected.length !== found.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of expected.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decode(found[index]);
    else if (part !== found[index]) return null;
  }
  return params;
}

/** A damaged escape (%zz) is taken as it stands: the API then says that nothing is called so. */
function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
