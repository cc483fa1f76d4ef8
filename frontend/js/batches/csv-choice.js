/**
 * What can be said of a chosen file before it is sent.
 *
 * @typedef {{file: File} | {refusal: 'notCsv' | 'empty' | 'several' | 'tooLarge', name: string}} Choice
 */

/** What the browser offers to choose; the names that the API takes are narrower. */
export const ACCEPTED = '.csv,.tsv,.txt,.gz,.zip';
const NAMES = /^.+(\.(csv|tsv|txt)(\.gz)?|\.zip)$/i;
/** As much as the storage takes in one piece. */
const MOST_BYTES = 5 * 1024 ** 3;

/**
 * @param {File[]} files
 * @returns {Choice}
 */
export function chooseCsv(files) {
  const [file] = files;
  const { name, size } = file;
  if (files.length > 1) return { refusal: 'several', name };
  if (!NAMES.test(name)) return { refusal: 'notCsv', name };
  if (size === 0) return { refusal: 'empty', name };
  if (size > MOST_BYTES) return { refusal: 'tooLarge', name };
  return { file };
}

/** The branch becomes a folder of the storage: nothing but letters, digits and hyphens. */
export function isBranch(text) {
  return /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/i.test(text);
}
