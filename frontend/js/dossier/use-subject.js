/**
 * The application that the views of a dossier are about: the stored one, or, once an advisor has
 * corrected a value, the corrected one, scored by the same route as any application that is sent.
 */
import { draftOf } from './draft.js';
import { useMemo, useRef } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

/**
 * @typedef {{state: 'loading' | 'ready' | 'failed', error?: any, reload: () => void, profile: any, score: any,
 *   stored: any, isCorrected: boolean, about: {applicant_id: string} | {application: object}}} Subject
 *   score : of the application as corrected; stored : the score of the stored one
 *   about : how other routes are told which application it is
 */

/** @param {string} id @returns {Subject} */
export function useSubject(id) {
  const profile = useQuery(['applicant', id], (signal) => api.applicant(id, signal));
  const stored = useQuery(['score', id], (signal) => api.score(id, signal), { fresh: 60_000 });
  const { corrections } = draftOf(id).value;
  const isCorrected = Object.keys(corrections).length > 0;
  const application = useMemo(
    () => profile.value && withCorrections(profile.value.application, corrections),
    [profile.value, corrections],
  );
  const corrected = useQuery(['score', id, corrections], (signal) => api.predict(application, signal), {
    enabled: isCorrected && Boolean(application),
    fresh: 60_000,
    keep: true,
  });
  const parts = [profile, stored, ...(isCorrected ? [corrected] : [])];
  // What failed is told once nothing is on its way any more: one click then asks for all of it again.
  const isAsking = parts.some((part) => part.busy && part.state !== 'ready');
  const failed = isAsking ? undefined : parts.find((part) => part.state === 'failed');
  const last = useRef(/** @type {Subject | null} */ (null));
  /** @type {Subject} */
  const subject = {
    state: failed ? 'failed' : parts.every((part) => part.state === 'ready') ? 'ready' : 'loading',
    error: failed?.error,
    reload: () => parts.forEach((part) => part.reload()),
    profile: profile.value && { ...profile.value, application },
    score: isCorrected ? corrected.value : stored.value,
    stored: stored.value,
    isCorrected,
    about: isCorrected ? { application } : { applicant_id: id },
  };
  if (subject.state === 'ready') last.current = subject;
  // Until the corrected one has come the view stays as it is: what was opened and searched in it, too.
  return subject.state === 'loading' && last.current ? last.current : subject;
}

/** A value of null takes a column away. */
function withCorrections(application, corrections) {
  const changed = { ...application, ...corrections };
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== null));
}
