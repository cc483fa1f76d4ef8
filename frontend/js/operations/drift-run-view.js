/** One run of the monitor: what it found, what it estimates by source, and its report in a sandbox. */
import { timeOf } from './drift-view.js';
import { Findings } from './findings.js';
import { OperationsFrame } from './operations-frame.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { Skeleton } from '../components/skeleton.js';
import { Table } from '../components/table.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

export function DriftRun({ run }) {
  const { t, format } = useLanguage();
  const { state, value, error, reload } = useQuery(['drift-run', run], (signal) => api.driftRun(run, signal));
  const known = useQuery(['acknowledgements'], (signal) => api.acknowledgements(signal));
  return html`
    <${OperationsFrame} title=${t('drift.runTitle', format.dateTime(value ? /** @type {any} */ (value.summary).measured_at : timeOf(run)))}>
      <p class="crumbs"><a href=${hrefFor('drift')}>${t('drift.back')}</a></p>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${['block', 'block']} />`}
      ${value && html`<${Run} found=${value} known=${known.value?.items ?? []} />`}
    <//>`;
}

function Run({ found, known }) {
  const { t, format } = useLanguage();
  const summary = /** @type {any} */ (found.summary);
  return html`
    <div class="stack">
      <section class="card" aria-labelledby="findings-title">
        <h2 id="findings-title">${t('drift.findings')}</h2>
        <p class="card-help">${t('drift.window', format.date(summary.window.start), format.date(summary.window.end))} · ${t('drift.compared', format.number(summary.rows.window_compared), summary.model.version)}</p>
        ${summary.status === 'measured' ? html`<${Findings} findings=${summary.findings} known=${known} canAcknowledge=${false} />` : html`<${Notice} kind="info">${t('drift.insufficient')} <span lang="en">${summary.reason}</span><//>`}
      </section>
      ${summary.estimated && html`<${Estimates} estimated=${summary.estimated} />`}
      <${Report} found=${found} />
    </div>`;
}

function Estimates({ estimated }) {
  const { t, format } = useLanguage();
  const names = ['default_rate', 'auc', 'cost'];
  const tell = (name, { value, low, high }) => {
    if (value === null) return '—';
    const told = name === 'default_rate' ? format.percent : format.number;
    return `${told(value)} (${told(low)} – ${told(high)})`;
  };
  const heads = [
    { label: t('drift.by.source') },
    ...names.map((name) => ({ label: t(`drift.estimate.${name}`), kind: 'number' })),
  ];
  const sources = [[t('drift.everywhere'), estimated.everywhere], ...Object.entries(estimated.by_source)];
  const rows = sources.map(([source, told]) => ({
    key: source,
    cells: [source, ...names.map((name) => tell(name, told[name]))],
  }));
  return html`
    <section class="card" aria-labelledby="estimates-title">
      <h2 id="estimates-title">${t('drift.estimates')}</h2>
      <p class="card-help">${t('drift.blind')}</p>
      <${Table} heads=${heads} rows=${rows} />
    </section>`;
}

/**
 * The report runs scripts of its own: in a frame of another origin, which may run them and nothing
 * else: no form, no window, no way to this page or to what it keeps.
 */
function Report({ found }) {
  const { t } = useLanguage();
  const [isShown, setShown] = useState(false);
  const download = found.report_urls['report.html'];
  if (!found.view_url) return html`<${Notice} kind="info">${t('drift.noReport')}<//>`;
  return html`
    <section class="card" aria-labelledby="report-title">
      <div class="card-head">
        <h2 id="report-title">${t('drift.report')}</h2>
        <div class="page-actions">
          <button type="button" class="button" aria-expanded=${String(isShown)} onClick=${() => setShown(!isShown)}>${t(isShown ? 'drift.hideReport' : 'drift.showReport')}</button>
          <a class="button" href=${download} rel="noreferrer"><${Icon} name="download" />${t('drift.download')}</a>
        </div>
      </div>
      <p class="card-help">${t('drift.reportHelp')}</p>
      ${isShown && html`<iframe class="report-frame" title=${t('drift.report')} src=${found.view_url} sandbox="allow-scripts" referrerpolicy="no-referrer"></iframe>`}
    </section>`;
}
