/**
 * What an advisor has changed or chosen of a dossier and not decided yet: kept while the page is
 * open, so that no form is lost by a look elsewhere; never stored, and in no address.
 *
 * @typedef {{amount: number, annuity: number, duration: number, pd: number}} Offer
 * @typedef {{decision: string, code: string, reason: string, statement: string}} Form of the decision
 * @typedef {{lang: 'fr' | 'en', typed: Record<string, string>}} Written
 * @typedef {{corrections: Record<string, unknown>, offer: Offer | null, changes: Record<string, unknown>,
 *   form: Form, entry: Written | null, scored: {answer: any, application: any} | null}} Draft
 *   corrections : values that were wrong; offer : a loan in place of the one asked for
 *   changes : what was last simulated; form : what was written of the decision
 *   entry, scored : of somebody who is not in the system, what was typed and what came of it
 */
import { effect, signal } from '../core/preact.js';
import { username } from '../session/session.js';

/** The draft of who is not in the system: no applicant has this for an id. */
export const NEW = '';
const EMPTY = {
  corrections: {},
  offer: null,
  changes: {},
  form: { decision: '', code: '', reason: '', statement: '' },
  entry: null,
  scored: null,
};

/** @type {Map<string, import('@preact/signals').Signal<Draft>>} */
const drafts = new Map();

/** @param {string} id of the applicant */
export function draftOf(id) {
  if (!drafts.has(id)) drafts.set(id, signal(EMPTY));
  return drafts.get(id);
}

/** @param {Partial<Draft>} part */
export function changeDraft(id, part) {
  const draft = draftOf(id);
  draft.value = { ...draft.value, ...part };
}

/** After a decision nothing of it is left. */
export function dropDraft(id) {
  draftOf(id).value = EMPTY;
}

effect(() => {
  if (username.value !== null) return;
  drafts.clear();
});
