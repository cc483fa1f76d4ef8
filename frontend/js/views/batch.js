/** What became of a file: rows in, scored and rejected, why, and the files to take away. */
import { announce } from '../announcer.js';
import { causesOf, isOver } from '../batch.js';
import { BatchFigures } from '../components/batch-figures.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Progress } from '../components/progress.js';
import { Table } from '../components/table.js';
import { useLanguage } from '../language.js';
import { html, useEffect } from '../preact.js';
import { recentFiles } from '../recent-files.js';
import { hrefFor } from '../routes.js';
import { texts } from '../texts.js';
import { useBatch } from '../use-batch.js';

/** From this many asks on the page says that it is slow. */
const SLOW = 12;

export function Batch({ batch: id }) {
  const { t } = useLanguage();
  const followed = useBatch(id);
  const name = recentFiles().find((file) => file.batch === id)?.name ?? followed.batch?.manifest?.filename;
  return html`
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label=${t('dossier.crumbs')}><a href=${hrefFor('upload')}>${t('batch.back')}</a></nav>
        <${PageTitle}>${name ?? t('batch.title')}<//>
      </div>
      <${State} followed=${followed} />
    </div>`;
}

function State({ followed }) {
  const { t } = useLanguage();
  const { batch, error, stopped, restart } = followed;
  if (error?.status === 404) {
    return html`<${Empty} title=${t('batch.missing')}><a class="button" href=${hrefFor('upload')}>${t('batch.back')}</a><//>`;
  }
  if (error && stopped) return html`<${Failure} error=${error} onRetry=${restart} />`;
  if (!batch || !isOver(batch)) return html`<${Waiting} followed=${followed} />`;
  if (batch.status === 'failed') return html`<${Failed} batch=${batch} />`;
  return html`<${Finished} batch=${batch} />`;
}

function Waiting({ followed: { batch, asked, stopped, restart } }) {
  const { t, format } = useLanguage();
  const share =
    batch?.rows && batch.scored !== undefined ? (batch.scored + (batch.rejected ?? 0)) / batch.rows : null;
  const label = [t('batch.waiting'), share !== null && format.wholePercent(share)].filter(Boolean).join(' ');
  return html`
    <section class="card waiting">
      <${Progress} label=${label} share=${share} />
      <p class="card-help">${t(stopped ? 'batch.stopped' : asked >= SLOW ? 'batch.slow' : 'batch.waitingHelp')}</p>
      ${stopped && html`<button type="button" class="button" onClick=${restart}>${t('batch.ask')}</button>`}
    </section>`;
}

function Failed({ batch }) {
  const { t } = useLanguage();
  const detail = batch.manifest?.detail ?? batch.manifest?.error ?? '';
  return html`
    <section class="failure" role="alert">
      <${Icon} name="alert" />
      <div class="failure-body">
        <h2>${t('batch.failed')}</h2>
        ${detail && html`<p>${String(detail)}</p>`}
        <p>${t('batch.failedHelp')}</p>
        <a class="button" href=${hrefFor('upload')}>${t('batch.another')}</a>
      </div>
    </section>`;
}

function Finished({ batch }) {
  const { t, format } = useLanguage();
  const { rows, scored, rejected } = batch;
  useEffect(() => announce(t('batch.summary', ...[rows, scored, rejected].map(format.number))), [batch]);
  return html`
    <div class="columns">
      <div class="column">
        <${BatchFigures} rows=${rows} scored=${scored} rejected=${rejected} />
        <${Causes} batch=${batch} />
      </div>
      <${TakeAway} batch=${batch} />
    </div>`;
}

function TakeAway({ batch }) {
  const { t } = useLanguage();
  const rejects = batch.rejected > 0 && batch.rejects_url;
  return html`
    <section class="card" aria-labelledby="downloads-title">
      <h2 id="downloads-title">${t('batch.downloads')}</h2>
      <ul class="downloads">
        ${batch.scores_url && html`<li><${Download} url=${batch.scores_url}>${t('batch.scores')}<//></li>`}
        ${rejects && html`<li><${Download} url=${rejects}>${t('batch.rejects')}<//></li>`}
      </ul>
      <p class="after">
        <a href=${hrefFor('applicants')}>${t('batch.see')}</a>
        <a href=${hrefFor('upload')}>${t('batch.another')}</a>
      </p>
    </section>`;
}

function Download({ url, children }) {
  return html`<a class="button wide" href=${url} download><${Icon} name="download" />${children}</a>`;
}

function Causes({ batch }) {
  const { t } = useLanguage();
  if (batch.rejected === 0)
    return html`<p class="all-good"><${Icon} name="accept" />${t('batch.noRejects')}</p>`;
  const causes = causesOf(batch.manifest);
  return html`
    <section class="card" aria-labelledby="causes-title">
      <h2 id="causes-title">${t('batch.causes')}</h2>
      ${
        causes.length === 0
          ? html`<p class="card-help">${t('batch.causesInFile')}</p>`
          : html`<${CauseTable} causes=${causes} />`
      }
    </section>`;
}

/** A cause that the page does not know yet is shown as it came. */
function causeInWords(cause, t) {
  const key = `cause.${cause}`;
  return key in texts.en ? t(key) : cause;
}

/** @param {{causes: import('../batch.js').Cause[]}} props */
function CauseTable({ causes }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('batch.cause') },
    { label: t('batch.column') },
    { label: t('batch.count'), kind: 'number' },
  ];
  const rows = causes.map(({ cause, column, count }) => ({
    key: `${cause}/${column}`,
    cells: [causeInWords(cause, t), column ? html`<code>${column}</code>` : '—', format.number(count)],
  }));
  return html`<${Table} heads=${heads} rows=${rows} />`;
}
