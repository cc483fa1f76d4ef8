/**
 * What an advisor has changed or chosen of a dossier and not decided yet: kept while the page is
 * open, so that no form is lost by a look elsewhere; never stored, and in no address.
 *
 * @typedef {{amount: number, annuity: number, duration: number, pd: number}} Offer
 * @typedef {{corrections: Record<string, unknown>, offer: Offer | null, changes: Record<string, unknown>}} Draft
 *   corrections : values that were wrong; offer : a loan in place of the one asked for
 *   changes : what was last simulated
 */
import { effect, signal } from '../core/preact.js';
import { username } from '../session/session.js';

/** @type {Map<string, import('@preact/signals').Signal<Draft>>} */
const drafts = new Map();

/** @param {string} id of the applicant */
export function draftOf(id) {
  if (!drafts.has(id)) drafts.set(id, signal({ corrections: {}, offer: null, changes: {} }));
  return drafts.get(id);
}

/** @param {Partial<Draft>} part */
export function changeDraft(id, part) {
  const draft = draftOf(id);
  draft.value = { ...draft.value, ...part };
}

/** After a decision nothing of it is left. */
export function dropDraft(id) {
  drafts.delete(id);
}

effect(() => {
  if (username.value === null) drafts.clear();
});
