/** What was decided on an applicant so far, the last first. */
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

/** @param {string} id of the applicant @param {{enabled?: boolean}} [options] */
export function useDecisions(id, options) {
  return useQuery(['decisions', id], (signal) => api.decisionsOf(id, signal), options);
}

/** The last that holds: one that a second person has refused does not. */
export function standingOf(decisions) {
  return decisions.items.find(({ confirmation }) => confirmation?.agrees !== false);
}
