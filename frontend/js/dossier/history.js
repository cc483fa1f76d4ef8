/** What was decided on this applicant so far; nothing where nobody decided. */
import { useDecisions } from './decisions.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles } from '../session/session.js';
import { Icon } from '../components/icon.js';

export function History({ id }) {
  const { t, format } = useLanguage();
  const { value } = useDecisions(id);
  if (!value || value.items.length === 0) return null;
  const mayRead = mayShow(viewOf('decision'), roles.value);
  return html`
    <section class="card history no-facing" aria-labelledby="history-title">
      <h2 id="history-title">${t('history.heading')}</h2>
      <ul class="list">
        ${value.items.map(
          (item) => html`
          <li key=${item.decision_id}>
            <a class="history-row" href=${mayRead ? hrefFor('decision', { id: item.decision_id }) : null}>
              <span class=${`chip ${item.decision}`}><${Icon} name=${item.decision} />${t(`verdict.${item.decision}`)}</span>
              <span>${t('history.by', format.dateTime(item.created_at), item.decided_by)}</span>
              <span class="history-note">${historyNote(item, t)}</span>
              ${mayRead && html`<${Icon} name="chevron" />`}
            </a>
          </li>`,
        )}
      </ul>
    </section>`;
}

function historyNote({ needs_confirmation: needs, confirmation, is_override: isOverride }, t) {
  if (needs && !confirmation) return t('history.waiting');
  if (confirmation)
    return t(confirmation.agrees ? 'history.confirmed' : 'history.declined', confirmation.confirmed_by);
  return isOverride ? t('history.override') : '';
}
