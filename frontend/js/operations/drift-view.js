/** What the nightly monitor found: the newest run, then the way of columns and estimates over runs. */
import { EstimateTrend, FindingTrend } from './drift-trend.js';
import { Findings } from './findings.js';
import { OperationsFrame } from './operations-frame.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Notice } from '../components/notice.js';
import { Skeleton } from '../components/skeleton.js';
import { Table } from '../components/table.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const SHAPES = ['line', 'block', 'block'];

export function Drift() {
  const { t } = useLanguage();
  const { state, value, error, reload } = useQuery(['drift-trend'], (signal) => api.driftTrend(signal));
  return html`
    <${OperationsFrame} title=${t('drift.title')} lead=${t('drift.lead')}>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${SHAPES} />`}
      ${value?.items.length === 0 && html`<${Empty} title=${t('drift.noRuns')} />`}
      ${value?.items.length > 0 && html`<${Runs} runs=${value.items} />`}
    <//>`;
}

/** Drawn together: what comes first would be moved by what comes after it. */
function Runs({ runs }) {
  const newest = useQuery(['drift-run', runs[0].run], (signal) => api.driftRun(runs[0].run, signal));
  const known = useQuery(['acknowledgements'], (signal) => api.acknowledgements(signal));
  if (newest.state === 'loading' || known.state === 'loading') return html`<${Skeleton} shapes=${SHAPES} />`;
  return html`
    <div class="stack">
      <${Newest} run=${runs[0].run} newest=${newest} known=${known} />
      <${FindingTrend} runs=${runs} />
      <${EstimateTrend} runs=${runs} />
      <${RunList} runs=${runs} />
    </div>`;
}

function Newest({ run, newest: { state, value, error, reload }, known }) {
  const { t, format } = useLanguage();
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  const summary = /** @type {any} */ (value.summary);
  return html`
    <section class="card" aria-labelledby="newest-title">
      <div class="card-head">
        <h2 id="newest-title">${t('drift.newest', format.date(summary.window.end))}</h2>
        <a class="button" href=${hrefFor('drift-run', { run })}>${t('drift.open')}</a>
      </div>
      <p class="card-help">${t('drift.compared', format.number(summary.rows.window_compared), summary.model.version)}</p>
      ${summary.status === 'measured' ? html`<${Findings} findings=${summary.findings} known=${known.value?.items ?? []} canAcknowledge />` : html`<${Notice} kind="info">${t('drift.insufficient')} <span lang="en">${summary.reason}</span><//>`}
    </section>`;
}

function RunList({ runs }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('drift.run') },
    { label: t('drift.model') },
    { label: t('drift.scores'), kind: 'number' },
    { label: t('drift.findings'), kind: 'number' },
  ];
  const rows = runs.map(
    ({ run, measured_at: at, status, rows: scores, findings, model_version: version }) => ({
      key: run,
      cells: [
        html`<a href=${hrefFor('drift-run', { run })}>${format.dateTime(at ?? timeOf(run))}</a>`,
        html`<code>${version}</code>`,
        format.number(scores),
        status === 'measured' ? format.number(findings.length) : t('drift.noVerdict'),
      ],
    }),
  );
  return html`
    <section class="card" aria-labelledby="runs-title">
      <h2 id="runs-title">${t('drift.runs')}</h2>
      <${Table} heads=${heads} rows=${rows} />
    </section>`;
}

/** 2026-01-31T030012 as a time, in UTC. */
export function timeOf(run) {
  return run.replace(/T(\d\d)(\d\d)(\d\d)$/, 'T$1:$2:$3Z');
}
