/** Loads something while a view is shown; an answer that comes too late is dropped. */
import { useCallback, useEffect, useState } from './preact.js';

/**
 * @template T
 * @typedef {{state: 'loading' | 'ready' | 'failed', value?: T, error?: import('./api-error.js').ApiError}} Result
 */

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {unknown[]} dependencies loads again when one of them changes
 * @returns {Result<T> & {reload: () => void}}
 */
export function useLoad(load, dependencies) {
  const [result, setResult] = useState(/** @type {Result<T>} */ ({ state: 'loading' }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    setResult((last) => ({ state: 'loading', value: last.value }));
    load(controller.signal).then(
      (value) => controller.signal.aborted || setResult({ state: 'ready', value }),
      (error) => controller.signal.aborted || setResult({ state: 'failed', error }),
    );
    return () => controller.abort();
  }, [...dependencies, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { ...result, reload };
}
