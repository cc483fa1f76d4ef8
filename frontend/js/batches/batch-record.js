/**
 * A file that was sent and what became of it, as GET /batches and GET /batches/{batch} tell it.
 *
 * @typedef {'waiting' | 'queued' | 'running' | 'finished' | 'failed'} Status
 * @typedef {{batch: string, status?: Status, branch?: string, file?: string, rows?: number,
 *   rows_done?: number, scored?: number, rejected?: number, open_rejects?: number, received_at?: string,
 *   detail?: Sentence, scores_url?: string, rejects_url?: string, manifest_url?: string,
 *   manifest?: Record<string, any>}} Batch
 * @typedef {{cause: string, column: string, count: number}} Cause
 * @typedef {string | {fr: string, en: string}} Sentence
 */

const PAUSES_MS = [800, 800, 1500, 1500, 3000];
const LONG_PAUSE_MS = 5000;
/** About a quarter of an hour without any progress; then the page asks only when told to. */
const MOST_ASKS = 180;
/** What the storage's name has beside the sender's: when it came, and four digits of chance. */
const STAMP = /-\d{8}T\d{6}-[0-9a-f]{4}(?=(\.\w+){1,2}$)/;

/**
 * How long to wait before asking again: often at first, as small files are done in seconds.
 *
 * @param {number} asked how often it was asked since something changed
 * @returns {number | null} null when it is time to stop
 */
export function pauseBefore(asked) {
  if (asked >= MOST_ASKS) return null;
  return PAUSES_MS[asked] ?? LONG_PAUSE_MS;
}

export function isOver(batch) {
  return batch.status === 'finished' || batch.status === 'failed';
}

/** @returns {number | null} in [0, 1]; null before the rows are counted */
export function shareDone({ rows, rows_done: done }) {
  return rows ? Math.min((done ?? 0) / rows, 1) : null;
}

/**
 * The name under which the sender knows the file.
 *
 * @param {Batch} batch
 */
export function nameOf({ batch, file = batch.split('/')[1] ?? batch }) {
  return file.replace(STAMP, '');
}

/**
 * The causes of rejection that the manifest counts.
 *
 * @param {Record<string, any> | undefined} manifest
 * @returns {Cause[]} most frequent first
 */
export function causesOf(manifest) {
  const causes = (manifest?.causes ?? []).map(({ cause = '', column = '', count = 0 }) => ({
    cause,
    column,
    count,
  }));
  return causes.sort((one, other) => other.count - one.count);
}

/**
 * Why a file as a whole failed.
 *
 * @param {Batch} batch
 * @param {'fr' | 'en'} lang
 */
export function whyFailed({ manifest, detail = '' }, lang) {
  const sentence = manifest?.detail ?? detail;
  return typeof sentence === 'string' ? sentence : (sentence[lang] ?? '');
}

/** Character or code of the manifest -> the last part of the key of its text. */
const READ_AS = {
  delimiter: { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' },
  decimal: { '.': 'point', ',': 'comma' },
  grouping: { '.': 'point', ',': 'comma' },
  doubtful: { '.': 'point', ',': 'comma' },
  newline: { '\n': 'lf', '\r\n': 'crlf', '\r': 'cr' },
  container: { gzip: 'gzip', zip: 'zip' },
};
const ENCODINGS = { 'utf-8': 'UTF-8', 'utf-8-sig': 'UTF-8 (BOM)', cp1252: 'Windows-1252' };

/**
 * How the file was read, as pairs of a kind and either a code of a text or a name that has none.
 *
 * @param {Record<string, any> | undefined} manifest
 * @returns {{kind: string, code?: string, name?: string}[]}
 */
export function dialectOf(manifest) {
  const dialect = manifest?.dialect ?? {};
  const pairs = Object.entries(READ_AS).map(([kind, codes]) => ({ kind, code: codes[dialect[kind]] }));
  const { encoding } = dialect;
  const named = encoding && { kind: 'encoding', name: ENCODINGS[encoding] ?? encoding.toUpperCase() };
  return [...pairs.filter(({ code }) => code), ...(named ? [named] : [])];
}
