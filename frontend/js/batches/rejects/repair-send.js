/** How far the repair is, and the way of the repaired rows back into the result of their file. */
import { BatchFigures } from '../batch-figures.js';
import { isOver, nameOf, shareDone } from '../batch-record.js';
import { Progress } from '../progress.js';
import { UploadError, sendFile } from '../storage-upload.js';
import { useBatch } from '../use-batch.js';
import { repairFile } from './resend.js';
import { dropBench } from './workbench.js';
import { Failure } from '../../components/failure.js';
import { Icon } from '../../components/icon.js';
import { Notice } from '../../components/notice.js';
import { announce } from '../../core/announcer.js';
import { hrefFor } from '../../core/addresses.js';
import { ApiError } from '../../core/api-error.js';
import { useLanguage } from '../../core/language.js';
import { html, useEffect, useMemo, useRef, useState } from '../../core/preact.js';
import { useQuery } from '../../core/queries.js';
import { replaceRoute } from '../../core/router.js';
import { api } from '../../core/services.js';

export function SendBar({ bench, batch, version }) {
  const { t, format } = useLanguage();
  const { open, repaired, left } = useMemo(() => bench.counts, [bench, version]);
  const [sending, setSending] = useState({ busy: false, share: null, error: null });
  const all = open + repaired + left;
  const send = async () => {
    setSending({ busy: true, share: null, error: null });
    try {
      const sent = await sendRepair(bench, batch, (share) => setSending({ busy: true, share, error: null }));
      replaceRoute('repair', { batch: batch.batch }, { sent });
      dropBench(batch.batch);
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof UploadError)) throw error;
      setSending({ busy: false, share: null, error });
    }
  };
  return html`
    <section class="card send-bar" aria-label=${t('repair.progressTitle')}>
      <${Progress} label=${t('repair.progress', format.number(repaired), format.number(all))} share=${all ? (repaired + left) / all : 0} />
      <p class="card-help">
        ${open > 0 ? t('repair.openRows', open, format.number(open)) : t('repair.noneOpen')}
        ${left > 0 && html` ${t('repair.leftRows', left, format.number(left))}`}
      </p>
      ${sending.error && html`<${Trouble} error=${sending.error} />`}
      <div class="form-actions">
        <button type="button" class="button primary" disabled=${repaired === 0 || sending.busy} onClick=${send}>
          ${sending.busy ? t('upload.sending', format.wholePercent(sending.share ?? 0)) : t('repair.send', repaired, format.number(repaired))}
        </button>
        <button type="button" class="button" disabled=${bench.past.length === 0 || sending.busy} onClick=${() => {
          bench.undo();
          announce(t('repair.undone'));
        }}>${t('repair.undo')}</button>
      </div>
    </section>`;
}

function Trouble({ error }) {
  const { t } = useLanguage();
  if (error instanceof ApiError) return html`<${Failure} error=${error} />`;
  return html`<${Notice} kind="error">${t(`upload.${error.code}`, error.status)}<//>`;
}

async function sendRepair(bench, batch, onProgress) {
  const file = repairFile(bench.sheet, nameOf(batch));
  const target = await api.requestUpload(batch.branch, file);
  await sendFile(target, file, { onProgress, signal: new AbortController().signal });
  return target.batch;
}

/** What became of the rows that were sent, and what is left of the first file. */
export function Sent({ first, sent }) {
  const { t, format } = useLanguage();
  const heading = useRef(null);
  const { batch, error, stopped, restart } = useBatch(sent);
  const over = batch && isOver(batch);
  useEffect(() => {
    heading.current?.focus();
    if (over) announce(t('batch.summary', ...[batch.rows, batch.scored, batch.rejected].map(format.number)));
  }, [over]);
  if (error && stopped) return html`<${Failure} error=${error} onRetry=${restart} />`;
  const share = batch && shareDone(/** @type {any} */ (batch));
  return html`
    <h2 class="repair-sent-title" tabindex="-1" ref=${heading}>${t(over ? 'repair.done' : 'repair.onItsWay')}</h2>
    ${over ? html`<${BatchFigures} rows=${batch.rows} scored=${batch.scored} rejected=${batch.rejected} /><${Left} first=${first} batch=${batch} />` : html`<section class="card"><${Progress} label=${t('batch.waiting')} share=${share} /><p class="card-help">${t(stopped ? 'batch.stopped' : 'batch.waitingHelp')}</p>${stopped && html`<button type="button" class="button" onClick=${restart}>${t('batch.ask')}</button>`}</section>`}`;
}

function Left({ first, batch }) {
  const { t, format } = useLanguage();
  const { value, state } = useQuery(['batch', first, batch.batch], (signal) => api.batch(first, signal));
  const open = value?.open_rejects ?? 0;
  return html`
    <section class="card">
      ${
        state === 'ready' &&
        (open > 0
          ? html`<p>${t('repair.firstOpen', open, format.number(open))}</p>`
          : html`<p class="all-good"><${Icon} name="accept" />${t('batch.allRepaired')}</p>`)
      }
      <div class="form-actions">
        <a class="button primary" href=${hrefFor('batch', { batch: first })}>${t('repair.toFile')}</a>
        ${batch.rejected > 0 && html`<a class="button" href=${hrefFor('repair', { batch: batch.batch })}>${t('repair.again')}</a>`}
        ${batch.rejected === 0 && open > 0 && html`<a class="button" href=${hrefFor('repair', { batch: first })}>${t('repair.rest')}</a>`}
      </div>
    </section>`;
}
