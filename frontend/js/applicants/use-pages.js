/** The pages of a list that were asked for so far, one below the other; kept, so that Back finds them again. */
import { useEffect } from '../core/preact.js';
import { queries, useAction, useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const PAGE = 25;

/** @param {import('./filters.js').Wanted} wanted */
export function usePages(wanted) {
  const { state, ...asked } = wanted;
  const key = ['applicants', 'list', state, asked];
  const question = { ...asked, ...(state !== 'all' && { state }), limit: PAGE };
  const first = useQuery(key, (signal) => load(question, key, signal), { keep: true });
  const { items = [], cursor = null, total = 0 } = first.value ?? {};
  const more = useAction(async () => {
    // A look that is on its way would put a shorter list over the longer one.
    await queries.cancelQueries({ queryKey: key });
    const next = await api.findApplicants({ ...question, cursor });
    queries.setQueryData(key, { ...next, items: [...pageOf(key).items, ...next.items] });
  });
  useEffect(() => more.reset(), [JSON.stringify(key)]);
  return { ...first, items, total, hasMore: cursor !== null && !first.isOld, more };
}

/** @returns {any} what is shown, undefined before the first answer */
function pageOf(key) {
  return queries.getQueryData(key);
}

/** As many pages as were shown before: asking again makes no list shorter. */
async function load(question, key, signal) {
  const shown = pageOf(key)?.items.length ?? 0;
  let page = await api.findApplicants(question, signal);
  while (page.items.length < shown && page.cursor !== null) {
    const next = await api.findApplicants({ ...question, cursor: page.cursor }, signal);
    page = { ...next, items: [...page.items, ...next.items] };
  }
  return page;
}
