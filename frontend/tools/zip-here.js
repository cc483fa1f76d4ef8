/**
 * Stands for fflate where a workbook is packed (see build.mjs): fflate packs in a worker that it
 * makes of a text, which the page's policy rightly refuses. Here it packs in place.
 */
import { strToU8, zipSync } from '../node_modules/fflate/esm/browser.js';

export { strToU8, zipSync };

/** @param {any} files @param {(error: any, archive?: Uint8Array) => void} done */
export function zip(files, done) {
  try {
    done(null, zipSync(files));
  } catch (error) {
    done(error);
  }
}
