/**
 * The addresses of the page, in one table, both ways: text -> route -> text.
 *
 * @typedef {{name: string, params: Record<string, string>, query: Record<string, string>}} Route
 */

/** The first pattern that fits wins; `:word` is one segment. */
const PATTERNS = [
  ['applicants', '/applicants'],
  ['applicant', '/applicants/:id'],
  ['upload', '/upload'],
  ['batch', '/upload/:batch'],
  ['card', '/model/card'],
  ['account', '/account'],
];

const HOME = '/applicants';

/**
 * Reads the part of the address after #.
 *
 * @param {string} hash e.g. "#/applicants/100002"
 * @returns {Route} the route named "missing" when no pattern fits
 */
export function parseRoute(hash) {
  const [path, search = ''] = hash.replace(/^#/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const wanted = path === '' || path === '/' ? HOME : path;
  for (const [name, pattern] of PATTERNS) {
    const params = match(pattern, wanted);
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
  const pattern = PATTERNS.find(([known]) => known === name)?.[1];
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
