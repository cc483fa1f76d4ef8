/** What an applicant brings to show a value. Pure but for the texts that there are. */
import { hasText } from '../core/language.js';

/** A job's date and kind are shown by what shows the job. */
const OF_A_JOB = ['past', 'situation'];

/** @param {{kind: string, family: string} | undefined} field @returns {string | null} key of the text */
export function proofOf(field) {
  if (!field) return null;
  const isJob = field.family === 'income_employment' && OF_A_JOB.includes(field.kind);
  const key = `proof.${isJob ? 'employment' : field.kind}`;
  return hasText(key) ? key : null;
}
