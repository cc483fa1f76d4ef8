/** Asks for a batch until it is over; a passing trouble does not stop the asking. */
import { isOver, pauseBefore } from './batch-record.js';
import { useCallback, useEffect, useState } from '../core/preact.js';
import { api } from '../core/services.js';

/**
 * @param {string} id
 * @returns {{batch: import('./batch-record.js').Batch | null, error: Error | null, asked: number,
 *   stopped: boolean, restart: () => void}} asked: how often since anything changed;
 *   stopped: nobody asks any more, until restart is called
 */
export function useBatch(id) {
  const [state, setState] = useState({ batch: null, error: null, asked: 0, stopped: false });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    follow(id, controller.signal, setState);
    return () => controller.abort();
  }, [id, round]);
  const restart = useCallback(() => setRound((last) => last + 1), []);
  return { ...state, restart };
}

async function follow(id, signal, setState) {
  let seen = '';
  for (let asked = 0; !signal.aborted; asked += 1) {
    const answer = await ask(id, signal);
    if (signal.aborted) return;
    const standing = answer.batch ? `${answer.batch.status} ${answer.batch.rows_done}` : seen;
    if (standing !== seen) asked = Math.min(asked, 2);
    seen = standing;
    const pause = pauseBefore(asked);
    const over = answer.batch ? isOver(answer.batch) : !answer.error.retryable;
    setState((last) => ({
      batch: answer.batch ?? last.batch,
      error: answer.error,
      asked,
      stopped: over || pause === null,
    }));
    if (over || pause === null) return;
    await new Promise((resolve) => {
      setTimeout(resolve, pause);
    });
  }
}

async function ask(id, signal) {
  try {
    return { batch: await api.batch(id, signal), error: null };
  } catch (error) {
    return { batch: null, error };
  }
}
