/** What every retry could not finish, and another try of all of it, once its cause is repaired. */
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { Skeleton } from '../components/skeleton.js';
import { Table } from '../components/table.js';
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { outdated, useAction, useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { roles } from '../session/session.js';

export function useGivenUp() {
  return useQuery(['given-up'], (signal) => api.givenUp(signal));
}

export function GivenUp() {
  const { t } = useLanguage();
  const { state, value, error, reload } = useGivenUp();
  const [asks, setAsks] = useState(false);
  const [done, setDone] = useState(null);
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (state === 'loading') return html`<${Skeleton} shapes=${['line', 'row']} />`;
  const count = value.events.length + value.executions.length;
  const finish = (answer) => {
    setDone(answer);
    announce(t('givenUp.done', answer.events_sent + answer.executions_run, answer.events_left));
    outdated('given-up');
  };
  return html`
    <section class="card" aria-labelledby="given-up-title">
      <div class="card-head">
        <h2 id="given-up-title">${t('givenUp.title')}</h2>
        ${count > 0 && roles.value.includes('operator') && html`<button type="button" class="button" onClick=${() => setAsks(true)}>${t('givenUp.redrive')}</button>`}
      </div>
      ${count === 0 && html`<p class="all-good"><${Icon} name="check" />${t('givenUp.nothing')}</p>`}
      ${value.waiting.drift > 0 && html`<${Notice} kind="error">${t('givenUp.drift', value.waiting.drift)}<//>`}
      ${done && html`<${Notice} kind="info">${t('givenUp.done', done.events_sent + done.executions_run, done.events_left)}<//>`}
      ${count > 0 && html`<${Found} given=${value} />`}
      ${asks && html`<${Confirm} count=${count} onDone=${finish} onClose=${() => setAsks(false)} />`}
    </section>`;
}

function Found({ given }) {
  const { t } = useLanguage();
  const heads = ['what', 'why'].map((name) => ({ label: t(`givenUp.${name}`) }));
  const rows = [
    ...given.events.map(({ id, files, error }) => ({ key: id, cells: [files, error] })),
    ...given.executions.map(({ upload, status, attempts }) => ({
      key: upload,
      cells: [t('givenUp.execution', upload), t('givenUp.attempts', status, attempts)],
    })),
  ];
  return html`<${Table} heads=${heads} rows=${rows} />`;
}

function Confirm({ count, onDone, onClose }) {
  const { t } = useLanguage();
  const dialog = useRef(null);
  const action = useAction(() => api.redrive());
  useEffect(() => dialog.current.showModal(), []);
  const run = async () => {
    const answer = await action.run();
    if (!answer) return;
    onDone(answer);
    dialog.current.close();
  };
  return html`
    <dialog class="layer" ref=${dialog} aria-labelledby="redrive-title" onClose=${onClose}>
      <h2 id="redrive-title">${t('givenUp.confirm', count)}</h2>
      <p class="card-help">${t('givenUp.confirmHelp')}</p>
      ${action.error && html`<${Failure} error=${action.error} />`}
      <div class="form-actions">
        <button type="button" class="button primary" disabled=${action.busy} onClick=${run}>${t('givenUp.redrive')}</button>
        <button type="button" class="button" onClick=${() => dialog.current.close()}>${t('app.cancel')}</button>
      </div>
    </dialog>`;
}
