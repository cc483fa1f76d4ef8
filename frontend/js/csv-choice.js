/**
 * What can be said of a chosen file before it is sent.
 *
 * @typedef {{file: File} | {refusal: 'notCsv' | 'empty' | 'several', name: string}} Choice
 */

/**
 * @param {File[]} files
 * @returns {Choice}
 */
export function chooseCsv(files) {
  const [file] = files;
  if (files.length > 1) return { refusal: 'several', name: file.name };
  if (!/\.csv$/i.test(file.name)) return { refusal: 'notCsv', name: file.name };
  if (file.size === 0) return { refusal: 'empty', name: file.name };
  return { file };
}

/** The branch becomes a folder of the storage: nothing but letters, digits and hyphens. */
export function isBranch(text) {
  return /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/i.test(text);
}
