/** Who is about to decide what somebody has decided already is told so first. */
import { standingOf } from '../dossier/decisions.js';
import { Notice } from '../components/notice.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** @param {{taken: {items: any[]} | undefined}} props the decisions on this file, the last first */
export function Already({ taken }) {
  const { t, format } = useLanguage();
  const last = taken && standingOf(taken);
  if (!last) return null;
  const outcome = t(`decision.${last.decision}`).toLowerCase();
  const isWaiting = last.needs_confirmation && !last.confirmation;
  const what = isWaiting ? `${outcome} (${t('history.waiting')})` : outcome;
  return html`
    <${Notice} kind="info">
      ${t('decide.already', what, format.dateTime(last.created_at), last.decided_by)}
      ${' '}<a href=${hrefFor('decision', { id: last.decision_id })}>${t('decide.look')}</a>
    <//>`;
}
