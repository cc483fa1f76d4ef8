/**
 * The files sent from this tab, newest first, so that an advisor finds a result again.
 *
 * @typedef {{batch: string, name: string, branch: string, at: number}} SentFile
 */
const KEY = 'sent-files';
const MOST = 5;

/** @returns {SentFile[]} */
export function recentFiles() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
}

/** @param {SentFile} file */
export function rememberFile(file) {
  sessionStorage.setItem(KEY, JSON.stringify([file, ...recentFiles()].slice(0, MOST)));
}
