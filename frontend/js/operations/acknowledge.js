/** Somebody knows of a finding: why, and until when nobody is called for it. */
import { ErrorSummary } from '../components/error-summary.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { outdated, useAction } from '../core/queries.js';
import { api } from '../core/services.js';

const USUAL_DAYS = 14;
const MOST_DAYS = 90;
const SHORTEST_REASON = 3;
const LONGEST_REASON = 500;
const DAY_MS = 86_400_000;

/** @param {number} days from today, in UTC as the service counts */
const dayIn = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

export function Acknowledge({ finding, word, onClose }) {
  const { t } = useLanguage();
  const dialog = useRef(null);
  const [form, setForm] = useState({ reason: word?.reason ?? '', until: dayIn(USUAL_DAYS) });
  const [errors, setErrors] = useState([]);
  const [tries, setTries] = useState(0);
  const action = useAction((body) => api.acknowledge(body));
  useEffect(() => dialog.current.showModal(), []);
  const send = async (until, done) => {
    const { kind, source, columns } = finding;
    const answer = await action.run({ kind, source, columns, reason: form.reason.trim(), until });
    if (!answer) return;
    announce(t(done));
    outdated('acknowledgements');
    dialog.current.close();
  };
  const submit = (event) => {
    event.preventDefault();
    const found = mistakesOf(form, t);
    setErrors(found);
    if (found.length > 0) setTries((count) => count + 1);
    else send(form.until, 'acknowledge.done');
  };
  const fault = (id) => errors.find((error) => error.id === id)?.message;
  return html`
    <dialog class="layer" ref=${dialog} aria-labelledby="acknowledge-title" onClose=${onClose}>
      <h2 id="acknowledge-title">${t('acknowledge.title')}</h2>
      <p class="card-help">${t('acknowledge.help')}</p>
      <form class="form" onSubmit=${submit} noValidate>
        <${ErrorSummary} errors=${errors} tries=${tries} />
        <${Field} id="acknowledge-reason" label=${t('acknowledge.reason')} error=${fault('acknowledge-reason')} maxlength=${LONGEST_REASON} value=${form.reason}
          onInput=${(event) => setForm({ ...form, reason: event.currentTarget.value })} />
        <${Field} id="acknowledge-until" type="date" label=${t('acknowledge.until')} hint=${t('acknowledge.untilHint', MOST_DAYS)} error=${fault('acknowledge-until')}
          min=${dayIn(0)} max=${dayIn(MOST_DAYS)} value=${form.until} onInput=${(event) => setForm({ ...form, until: event.currentTarget.value })} />
        ${action.error && html`<${Failure} error=${action.error} words=${{ 'Not found by the newest run': 'acknowledge.gone' }} />`}
        <div class="form-actions">
          <button class="button primary" disabled=${action.busy}>${t('acknowledge.send')}</button>
          ${word && html`<button type="button" class="button" disabled=${action.busy} onClick=${() => send(dayIn(-1), 'acknowledge.takenBack')}>${t('acknowledge.back')}</button>`}
          <button type="button" class="button" onClick=${() => dialog.current.close()}>${t('app.cancel')}</button>
        </div>
      </form>
    </dialog>`;
}

function mistakesOf({ reason, until }, t) {
  const found = [];
  if (reason.trim().length < SHORTEST_REASON)
    found.push({ id: 'acknowledge-reason', label: t('acknowledge.reason'), message: t('form.required') });
  if (!(until >= dayIn(0) && until <= dayIn(MOST_DAYS)))
    found.push({
      id: 'acknowledge-until',
      label: t('acknowledge.until'),
      message: t('acknowledge.untilHint', MOST_DAYS),
    });
  return found;
}
