/** Rows pasted from a spreadsheet, scored at once: nothing of them is kept. */
import { applicationsOf } from './applications.js';
import { PastedFaults, PastedResults } from './paste-results.js';
import { handOver } from '../chosen-file.js';
import { ReadingBefore } from '../reading-before.js';
import { makeRules } from '../table/cell-rules.js';
import { readTable } from '../table/table-reading.js';
import { Failure } from '../../components/failure.js';
import { Notice } from '../../components/notice.js';
import { PageTitle } from '../../components/page-title.js';
import { Skeleton } from '../../components/skeleton.js';
import { announce } from '../../core/announcer.js';
import { hrefFor } from '../../core/addresses.js';
import { useLanguage } from '../../core/language.js';
import { html, useEffect, useMemo, useRef, useState } from '../../core/preact.js';
import { useAction } from '../../core/queries.js';
import { navigate } from '../../core/router.js';
import { api } from '../../core/services.js';
import { useContract } from '../../core/use-contract.js';
import { mayShow, viewOf } from '../../core/views.js';
import { roles } from '../../session/session.js';

/** What a call takes, with some room for what stands around the rows. */
const MOST_BYTES = 3 * 1024 * 1024 - 1024;

export function Paste() {
  const { t } = useLanguage();
  const { state, error, reload, contract } = useContract();
  return html`
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label=${t('app.crumbs')}>${mayShow(viewOf('upload'), roles.value) && html`<a href=${hrefFor('upload')}>${t('batch.back')}</a>`}</nav>
        <${PageTitle}>${t('paste.title')}<//>
      </div>
      <p class="lead">${t('paste.lead')}</p>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${['line', 'half']} />`}
      ${state === 'ready' && html`<${Entry} contract=${contract} />`}
    </div>`;
}

function Entry({ contract }) {
  const { t } = useLanguage();
  const [text, setText] = useState('');
  const rules = makeRules(contract);
  const order = contract.fields.map(({ name }) => name);
  const reading = useMemo(() => (text.trim() ? readTable(text, rules, { order }) : null), [text]);
  const rows = useMemo(() => (reading ? applicationsOf(reading, rules) : []), [reading]);
  const score = useAction(({ applications }) => api.predictBatch(applications));
  const [scored, setScored] = useState(null);
  const good = rows.filter(({ application }) => application);
  const applications = good.map(({ application }) => application);
  const most = contract.tables.most_rows;
  const isTooMuch = good.length > most || new Blob([JSON.stringify(applications)]).size > MOST_BYTES;
  const isRefused = !reading || reading.missing.length > 0 || reading.twice.length > 0;
  const result = useRef(null);
  const type = (typed) => {
    setText(typed);
    setScored(null);
    score.reset();
  };
  const submit = async (event) => {
    event.preventDefault();
    const answer = await score.run({ applications });
    if (answer) setScored({ answer, rows: good });
  };
  useEffect(() => {
    if (!scored) return;
    announce(t('paste.summary', scored.answer.scored, scored.answer.rejected));
    result.current.focus();
  }, [scored]);
  return html`
    <form class="card form" onSubmit=${submit}>
      <div class="field">
        <label for="pasted">${t('paste.field')}</label>
        <textarea id="pasted" class="input pasted" rows="8" spellcheck=${false} autocomplete="off" wrap="off" aria-describedby="pasted-hint" value=${text} onInput=${(event) => type(event.currentTarget.value)}></textarea>
        <p class="field-hint" id="pasted-hint">${t('paste.hint', order.length, most)}</p>
      </div>
      ${text.trim() && html`<${ReadingBefore} reading=${reading} rules=${rules} isWhole=${true} />`}
      ${!isRefused && rows.length > good.length && html`<${PastedFaults} rows=${rows} rules=${rules} />`}
      ${!isRefused && isTooMuch && html`<${TooMuch} text=${text} most=${most} />`}
      ${score.error && html`<${Failure} error=${score.error} />`}
      ${
        !isRefused &&
        !isTooMuch &&
        good.length > 0 &&
        html`<div class="form-actions"><button class="button primary" disabled=${score.busy}>${score.busy ? t('paste.scoring') : t('paste.score', good.length)}</button></div>`
      }
    </form>
    <div ref=${result} tabindex="-1">${scored && html`<${PastedResults} ...${scored} rules=${rules} />`}</div>`;
}

function TooMuch({ text, most }) {
  const { t, format } = useLanguage();
  const send = () => {
    handOver(new File([text], t('paste.file'), { type: 'text/csv' }));
    navigate('upload');
  };
  return html`
    <${Notice} kind="info">${t('paste.tooMuch', format.number(most))}<//>
    ${mayShow(viewOf('repair'), roles.value) && html`<div class="form-actions"><button type="button" class="button primary" onClick=${send}>${t('paste.asFile')}</button></div>`}`;
}
