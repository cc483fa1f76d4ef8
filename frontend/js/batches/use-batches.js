/** The newest files, asked for again while somebody looks: soon while one of them is being scored. */
import { isOver } from './batch-record.js';
import { useCallback, useEffect, useState } from '../core/preact.js';
import { api } from '../core/services.js';

const SOON_MS = 2000;
const LATER_MS = 15_000;
const PAGE = 20;
/** As many as the API lists at once; who looks for older ones narrows the list. */
const MOST = 100;

const START = { items: null, error: null, hasMore: false };

/**
 * @param {Record<string, string>} filters of GET /batches; empty: any
 * @returns {{items: import('./batch-record.js').Batch[] | null, error: Error | null, hasMore: boolean,
 *   showMore: () => void, reload: () => void}} items: null before the first answer
 */
export function useBatches(filters) {
  const asked = JSON.stringify(filters);
  const [state, setState] = useState(START);
  const [limit, setLimit] = useState(PAGE);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    follow({ ...filters, limit }, controller.signal, setState);
    return () => controller.abort();
  }, [asked, limit, round]);
  const showMore = useCallback(() => setLimit((last) => Math.min(last + PAGE, MOST)), []);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { ...state, hasMore: state.hasMore && limit < MOST, showMore, reload };
}

async function follow(query, signal, setState) {
  let last = START;
  while (!signal.aborted) {
    last = { ...last, ...(await ask(query, signal)) };
    if (signal.aborted) return;
    setState(last);
    if (last.error && !last.error.retryable) return;
    await untilShown(last.items?.every(isOver) ? LATER_MS : SOON_MS);
  }
}

/** What an error leaves out stays as the last answer told it. */
async function ask(query, signal) {
  try {
    const { items, cursor } = await api.batches(query, signal);
    return { items, hasMore: cursor !== null, error: null };
  } catch (error) {
    return { error };
  }
}

/** A page in the background asks nothing. */
async function untilShown(pause) {
  await new Promise((resolve) => {
    setTimeout(resolve, pause);
  });
  if (!document.hidden) return;
  await new Promise((resolve) => {
    document.addEventListener('visibilitychange', resolve, { once: true });
  });
}
