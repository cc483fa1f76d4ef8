/**
 * What is asked of the API, kept: shown at once when one comes back, asked again when it is old.
 *
 * TanStack's query core does the keeping; here it is tied to views.
 */
import { QueryClient, QueryObserver, keepPreviousData } from '@tanstack/query-core';
import { useCallback, useEffect, useMemo, useRef, useState } from './preact.js';

const FRESH_MS = 15_000;
const KEPT_MS = 10 * 60_000;
const TRIES_AGAIN = 1;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      gcTime: KEPT_MS,
      retry: (failures, error) => Boolean(/** @type {any} */ (error).retryable) && failures < TRIES_AGAIN,
      retryDelay: 700,
      networkMode: 'always',
    },
  },
});

/**
 * @template T
 * @typedef {{state: 'loading' | 'ready' | 'failed', value?: T, error?: import('./api-error.js').ApiError,
 *   busy: boolean, isOld: boolean, reload: () => void}} Result
 *   busy : something is on its way; isOld : the value answers the question before
 */

/**
 * @template T
 * @param {unknown[]} key what is asked for, by which the answer is kept
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {{enabled?: boolean, keep?: boolean, fresh?: number, every?: number}} [options]
 *   keep : show the last answer while another question is on its way; fresh : ms that an answer is
 *   good for; every : ms after which to ask again
 * @returns {Result<T>}
 */
export function useQuery(key, load, { enabled = true, keep = false, fresh, every } = {}) {
  const options = {
    queryKey: key,
    queryFn: ({ signal }) => load(signal),
    enabled,
    ...(keep && { placeholderData: keepPreviousData }),
    ...(fresh !== undefined && { staleTime: fresh }),
    ...(every !== undefined && { refetchInterval: every }),
  };
  const observer = useMemo(() => new QueryObserver(queries, options), []);
  const [, redraw] = useState(0);
  observer.setOptions(options);
  const result = observer.getOptimisticResult(queries.defaultQueryOptions(options));
  useEffect(() => observer.subscribe(() => redraw((count) => count + 1)), [observer]);
  const reload = useCallback(() => void observer.refetch(), [observer]);
  return {
    state: result.data !== undefined ? 'ready' : result.isError ? 'failed' : 'loading',
    value: /** @type {T} */ (result.data),
    error: /** @type {any} */ (result.error),
    busy: result.isFetching,
    isOld: result.isPlaceholderData,
    reload,
  };
}

/**
 * Something that changes what the service holds: one at a time, with a key of its own, so that a
 * retry of the same intention is one action to the service.
 *
 * @param {(given: any, key: string) => Promise<any>} act
 * @returns {{run: (given?: any) => Promise<any>, busy: boolean, error: any, reset: () => void}}
 *   run : answers undefined after a failure, which `error` then tells, and while it runs already
 */
export function useAction(act) {
  const [state, setState] = useState({ busy: false, error: null });
  const keys = useRef(/** @type {Map<string, string>} */ (new Map()));
  const isRunning = useRef(false);
  const run = async (given) => {
    if (isRunning.current) return undefined;
    isRunning.current = true;
    return once(given).finally(() => {
      isRunning.current = false;
    });
  };
  const once = async (given) => {
    const intention = JSON.stringify(given ?? null);
    if (!keys.current.has(intention)) keys.current.set(intention, crypto.randomUUID());
    setState({ busy: true, error: null });
    try {
      const answer = await act(given, keys.current.get(intention));
      keys.current.clear();
      setState({ busy: false, error: null });
      return answer;
    } catch (/** @type {any} */ error) {
      if (error.name !== 'ApiError') throw error;
      setState({ busy: false, error });
      return undefined;
    }
  };
  return { ...state, run, reset: () => setState({ busy: false, error: null }) };
}

/** Asks again for everything under these keys that is on the screen, and forgets the rest. */
export function outdated(...keys) {
  for (const key of keys) queries.invalidateQueries({ queryKey: [key] });
}
