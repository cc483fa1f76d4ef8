/**
 * The result of a file, as GET /batches/{batch} tells it.
 *
 * @typedef {{batch: string, status: 'waiting' | 'running' | 'finished' | 'failed', rows?: number, scored?: number,
 *   rejected?: number, scores_url?: string, rejects_url?: string, manifest?: Record<string, any>}} Batch
 * @typedef {{cause: string, column: string, count: number}} Cause
 */

const PAUSES_MS = [800, 800, 1500, 1500, 3000];
const LONG_PAUSE_MS = 5000;
/** About a quarter of an hour; then the page asks only when told to. */
const MOST_ASKS = 180;

/**
 * How long to wait before asking again: often at first, as small files are done in seconds.
 *
 * @param {number} asked how often it was asked already
 * @returns {number | null} null when it is time to stop
 */
export function pauseBefore(asked) {
  if (asked >= MOST_ASKS) return null;
  return PAUSES_MS[asked] ?? LONG_PAUSE_MS;
}

export function isOver(batch) {
  return batch.status === 'finished' || batch.status === 'failed';
}

/**
 * The causes of rejection that the manifest counts: as a list of {cause, column, count} or as
 * {cause: count}.
 *
 * @param {Record<string, any> | undefined} manifest
 * @returns {Cause[]} most frequent first
 */
export function causesOf(manifest) {
  const found = manifest?.causes ?? manifest?.rejected_by_cause ?? [];
  const causes = Array.isArray(found)
    ? found.map(({ cause = '', column = '', count = 0 }) => ({ cause, column, count }))
    : Object.entries(found).map(([cause, count]) => ({ cause, column: '', count: Number(count) }));
  return causes.sort((one, other) => other.count - one.count);
}
