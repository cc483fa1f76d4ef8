/**
 * What to do when an alarm rings, as docs/operations.md and alarms.fr.md say it: put beside the page
 * when it is built, so that the page and the documents never say two things.
 */
import { useLanguage } from '../core/language.js';
import { useQuery } from '../core/queries.js';

/** @typedef {{text: string[], steps: string[]}} Entry */

/** @returns {{value?: Record<string, Entry>}} by the anchor of its heading */
export function useRunbook() {
  const { lang } = useLanguage();
  const load = (signal) => fetch(`runbook/${lang}.json`, { signal }).then((answer) => answer.json());
  return useQuery(['runbook', lang], load, { fresh: Infinity });
}

/** @param {Record<string, Entry> | undefined} runbook @param {string | null} address @returns {Entry | undefined} */
export function runbookOf(runbook, address) {
  return runbook?.[address?.split('#')[1] ?? ''];
}
