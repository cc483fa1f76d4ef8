/** The alarms, those that ring first; under each what it means, what to do, and when it rang. */
import { runbookOf, useRunbook } from './runbook.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const EVERY_MS = 60_000;

export function useAlarms() {
  return useQuery(['alarms'], (signal) => api.alarms(signal), { every: EVERY_MS });
}

export function AlarmList() {
  const { t } = useLanguage();
  const { state, value, error, reload } = useAlarms();
  const [showsAll, setShowsAll] = useState(false);
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (state === 'loading') return html`<${Skeleton} shapes=${['line', 'row', 'row', 'row']} />`;
  const rings = value.items.filter(({ state }) => state === 'ALARM');
  const shown = showsAll ? value.items : rings;
  return html`
    <section class="card" aria-labelledby="alarms-title">
      <div class="card-head">
        <h2 id="alarms-title">${t('alarms.title')}</h2>
        <button type="button" class="button no-print" aria-pressed=${String(showsAll)} onClick=${() => setShowsAll(!showsAll)}>${showsAll ? t('alarms.showRinging') : t('alarms.showAll', value.items.length)}</button>
      </div>
      <p class=${`alarm-sum ${rings.length > 0 ? 'rings' : 'quiet'}`}>
        <${Icon} name=${rings.length > 0 ? 'alert' : 'check'} />${t('alarms.sum', rings.length, value.items.length)}
      </p>
      ${shown.length > 0 && html`<ul class="alarms">${shown.map((alarm) => html`<${Alarm} key=${alarm.name} alarm=${alarm} />`)}</ul>`}
    </section>`;
}

function Alarm({ alarm }) {
  const { t, format } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  return html`
    <li>
      <details class="alarm" onToggle=${(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <${Icon} name="chevron" />
          <span class="alarm-name">${alarm.name}</span>
          <span class=${`chip ${alarm.state === 'ALARM' ? 'refuse' : ''}`}><${Icon} name=${alarm.state === 'ALARM' ? 'alert' : alarm.state === 'OK' ? 'check' : 'review'} />${t(`alarms.state.${alarm.state}`)}</span>
          <span class="chip">${t(`alarms.urgency.${alarm.urgency}`)}</span>
          <span class="alarm-since">${t('alarms.since', format.dateTime(alarm.since))}</span>
        </summary>
        ${isOpen && html`<${AlarmDetails} alarm=${alarm} />`}
      </details>
    </li>`;
}

function AlarmDetails({ alarm }) {
  const { t, lang } = useLanguage();
  const runbook = useRunbook();
  const entry = runbookOf(runbook.value, alarm.runbook);
  return html`
    <div class="alarm-body">
      ${(lang === 'en' || !entry) && html`<p lang="en">${alarm.meaning}</p>`}
      ${
        entry &&
        html`
        <div class="runbook">
          ${entry.text.map((line) => html`<p key=${line}>${line}</p>`)}
          <ol class="steps">${entry.steps.map((step) => html`<li key=${step}>${step}</li>`)}</ol>
        </div>`
      }
      <${History} name=${alarm.name} />
      ${alarm.console_url ? html`<p><a href=${alarm.console_url} target="_blank" rel="noreferrer">${t('alarms.console')}</a></p>` : html`<p class="card-help">${t('alarms.noConsole')}</p>`}
    </div>`;
}

function History({ name }) {
  const { t, format } = useLanguage();
  const { state, value, error, reload } = useQuery(['alarm-history', name], (signal) =>
    api.alarmHistory(name, signal),
  );
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (state === 'loading') return html`<${Skeleton} shapes=${['line']} />`;
  if (value.items.length === 0) return html`<p class="card-help">${t('alarms.never')}</p>`;
  return html`
    <h3>${t('alarms.history')}</h3>
    <ul class="pairs alarm-history">
      ${value.items.map(({ at, after }) => html`<li key=${`${at}${after}`} class="pair"><span>${format.dateTime(at)}</span><span>${t(`alarms.state.${after ?? 'INSUFFICIENT_DATA'}`)}</span></li>`)}
    </ul>`;
}
