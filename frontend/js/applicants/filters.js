/**
 * What a list is asked for, in the address: state, search, filters, order. Pure.
 *
 * @typedef {{state: string, query: string, branch: string, decision: string, risk_band: string,
 *   income_type: string, age_band: string, amount_min: string, amount_max: string,
 *   missing_scores: string, sort: string, order: string}} Wanted
 */

export const STATES = ['review', 'to_confirm', 'open', 'decided', 'all'];
export const FILTERS = [
  'decision',
  'risk_band',
  'branch',
  'income_type',
  'age_band',
  'amount_min',
  'amount_max',
  'missing_scores',
];
/** Tab -> how it is sorted until somebody wants it otherwise: what waits longest first. */
const ORDERS = { review: ['updated_at', 'asc'], to_confirm: ['updated_at', 'asc'] };
const ELSEWHERE = ['updated_at', 'desc'];
const NAMES = ['state', 'query', ...FILTERS, 'sort', 'order'];

/** @param {Record<string, string>} query of the address @returns {Wanted} */
export function readWanted(query) {
  const wanted = Object.fromEntries(NAMES.map((name) => [name, query[name] ?? '']));
  if (!STATES.includes(wanted.state)) wanted.state = 'all';
  const [sort, order] = ORDERS[wanted.state] ?? ELSEWHERE;
  wanted.sort ||= sort;
  wanted.order ||= order;
  return /** @type {Wanted} */ (wanted);
}

/** @param {Wanted} wanted @returns {Record<string, string>} for the address: what is usual is left out */
export function writeWanted(wanted) {
  const usual = readWanted({ state: wanted.state });
  return Object.fromEntries(
    NAMES.filter(
      (name) => wanted[name] && (name === 'state' ? wanted.state !== 'all' : wanted[name] !== usual[name]),
    ).map((name) => [name, wanted[name]]),
  );
}

/** @param {Wanted} wanted @returns {number} how many filters narrow it, the search aside */
export function countFilters(wanted) {
  return FILTERS.filter((name) => wanted[name]).length;
}

/** @param {Wanted} wanted @returns {Wanted} the same tab without search and filters */
export function reset(wanted) {
  return readWanted({ state: wanted.state });
}

/** The next order for a click on a column: the other way round where it is sorted already. */
export function sortedBy(wanted, sort) {
  const order =
    wanted.sort === sort
      ? wanted.order === 'asc'
        ? 'desc'
        : 'asc'
      : sort === 'applicant_id'
        ? 'asc'
        : 'desc';
  return { ...wanted, sort, order };
}
