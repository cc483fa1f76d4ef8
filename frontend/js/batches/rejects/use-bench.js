/** Opens the repair of a file: as it was left, or read anew from the storage. */
import { ApiError } from '../../core/api-error.js';
import { useEffect, useState } from '../../core/preact.js';
import { api } from '../../core/services.js';
import { decodeText } from '../table/csv.js';
import { makeRules } from '../table/cell-rules.js';
import { readSheet } from './sheet.js';
import { Workbench, keepBench, keptBench } from './workbench.js';

/**
 * @param {string} id of the batch
 * @returns {{state: 'loading' | 'failed' | 'nothing' | 'ready', error?: any, bench?: Workbench,
 *   batch?: import('../batch-record.js').Batch, reload: () => void}}
 */
export function useBench(id) {
  const [opened, setOpened] = useState(/** @type {any} */ ({ state: 'loading' }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setOpened({ state: 'loading' });
    open(id, signal).then(
      (found) => signal.aborted || setOpened(found),
      (error) => signal.aborted || setOpened({ state: 'failed', error: asApiError(error) }),
    );
    return () => controller.abort();
  }, [id, round]);
  return { ...opened, reload: () => setRound((last) => last + 1) };
}

async function open(id, signal) {
  const kept = keptBench(id);
  const [batch, contract] = await Promise.all([api.batch(id, signal), api.contract(signal)]);
  if (kept) return { state: 'ready', batch, bench: kept };
  const { manifest, rejects_url: url, repairs_urls: repairs = [] } = batch;
  if (!manifest || !url || !batch.rejected || batch.open_rejects === 0) return { state: 'nothing' };
  const [bytes, ...claims] = await Promise.all([
    fetchBytes(url, signal),
    ...repairs.map((each) => fetchBytes(each, signal)),
  ]);
  const told = /** @type {Uint8Array[]} */ (claims);
  const repaired = new Set(told.flatMap((claim) => JSON.parse(decodeText(claim)).lines));
  const dialect = /** @type {any} */ (manifest.dialect);
  const sheet = readSheet(decodeText(bytes), { dialect, rules: makeRules(contract), repaired });
  if (sheet.rows.length === 0) return { state: 'nothing' };
  return { state: 'ready', batch, bench: keepBench(id, new Workbench(sheet, batch.received_at)) };
}

/** From the storage: its address is the permission, and no cookie or token goes with it. */
async function fetchBytes(url, signal) {
  const response = await fetch(url, { signal, credentials: 'omit', cache: 'no-store' });
  if (!response.ok) throw new ApiError('network', { status: response.status });
  return new Uint8Array(await response.arrayBuffer());
}

function asApiError(error) {
  return error instanceof ApiError
    ? error
    : new ApiError(error instanceof TypeError ? 'network' : 'unreadable');
}
