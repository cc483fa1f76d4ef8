/** What became of a file: rows in, scored and rejected, why, what to repair, and the files to take away. */
import { announce } from '../core/announcer.js';
import { causesOf, isOver, nameOf, shareDone, whyFailed } from './batch-record.js';
import { BatchFigures } from './batch-figures.js';
import { BatchReading } from './batch-reading.js';
import { BatchRepair, BatchRepairs } from './batch-repair.js';
import { ScoreDownloads } from './exports/score-downloads.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Progress } from './progress.js';
import { Table } from '../components/table.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect } from '../core/preact.js';
import { hrefFor } from '../core/addresses.js';
import { useBatch } from './use-batch.js';

/** From this many asks without any progress the page says that it is slow. */
const SLOW = 12;

export function Batch({ batch: id }) {
  const { t, format } = useLanguage();
  const followed = useBatch(id);
  /** @type {import('./batch-record.js').Batch} */
  const batch = followed.batch ?? { batch: id };
  return html`
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label=${t('app.crumbs')}><a href=${hrefFor('upload')}>${t('batch.back')}</a></nav>
        <${PageTitle}>${nameOf(batch)}<//>
        ${batch.received_at && html`<p class="meta">${batch.branch} · ${t('batch.received', format.dateTime(batch.received_at))}</p>`}
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
  if (!batch.manifest) return html`<${Empty} title=${t('batch.expired')} />`;
  return html`<${Finished} batch=${batch} />`;
}

function Waiting({ followed: { batch, asked, stopped, restart } }) {
  const { t, format } = useLanguage();
  const share = batch && shareDone(batch);
  const label = [t('batch.waiting'), share !== null && format.wholePercent(share)].filter(Boolean).join(' ');
  return html`
    <section class="card waiting">
      <${Progress} label=${label} share=${share} />
      ${share !== null && html`<p class="rows-done">${t('batch.progress', format.number(batch.rows_done), format.number(batch.rows))}</p>`}
      <p class="card-help">${t(stopped ? 'batch.stopped' : asked >= SLOW ? 'batch.slow' : 'batch.waitingHelp')}</p>
      ${stopped && html`<button type="button" class="button" onClick=${restart}>${t('batch.ask')}</button>`}
    </section>`;
}

function Failed({ batch }) {
  const { t, lang } = useLanguage();
  const why = whyFailed(batch, lang);
  return html`
    <section class="failure" role="alert">
      <${Icon} name="alert" />
      <div class="failure-body">
        <h2>${t('batch.failed')}</h2>
        ${why && html`<p>${why}</p>`}
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
        <${BatchRepairs} batch=${batch} />
        <${Causes} batch=${batch} />
        <${BatchRepair} batch=${batch} />
      </div>
      <div class="column">
        <${TakeAway} batch=${batch} />
        <${BatchReading} manifest=${batch.manifest} />
      </div>
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
        ${batch.scores_url && batch.scored > 0 && html`<${ScoreDownloads} batch=${batch} />`}
        ${rejects && html`<li><${Download} url=${rejects}>${t('batch.rejects')}<//></li>`}
        ${batch.manifest_url && html`<li><${Download} url=${batch.manifest_url}>${t('batch.manifest')}<//></li>`}
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
  return html`
    <section class="card" aria-labelledby="causes-title">
      <h2 id="causes-title">${t('batch.causes')}</h2>
      <${CauseTable} causes=${causesOf(batch.manifest)} />
    </section>`;
}

/** @param {{causes: import('./batch-record.js').Cause[]}} props */
function CauseTable({ causes }) {
  const { t, wordFor, format } = useLanguage();
  const heads = [
    { label: t('batch.cause') },
    { label: t('batch.column') },
    { label: t('batch.count'), kind: 'number' },
  ];
  const rows = causes.map(({ cause, column, count }) => ({
    key: `${cause}/${column}`,
    cells: [wordFor('cause', cause), column ? html`<code>${column}</code>` : '—', format.number(count)],
  }));
  return html`<${Table} heads=${heads} rows=${rows} />`;
}
