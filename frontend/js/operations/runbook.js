/**
 * What to do when an alarm rings, as docs/operations.md says it: put beside the page when it is
 * built, so that the page and the document never say two things.
 */
import { useQuery } from '../core/queries.js';

/** @typedef {{text: string[], steps: string[]}} Entry */

/** @returns {{value?: Record<string, Entry>}} by the anchor of its heading */
export function useRunbook() {
  return useQuery(
    ['runbook'],
    (signal) => fetch('runbook.json', { signal }).then((answer) => answer.json()),
    {
      fresh: Infinity,
    },
  );
}

/** @param {Record<string, Entry> | undefined} runbook @param {string | null} address @returns {Entry | undefined} */
export function runbookOf(runbook, address) {
  return runbook?.[address?.split('#')[1] ?? ''];
}
