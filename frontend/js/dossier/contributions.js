/** What weighed most: a signed bar chart, or the same rows as a table. */
import { Chart } from '../charts/chart.js';
import { chartHeight, contributionsChart } from '../charts/contributions-chart.js';
import { contributionRows, directionOf } from './contribution-shares.js';
import { useLanguage } from '../core/language.js';
import { html, useCallback, useMemo, useState } from '../core/preact.js';
import { Table } from '../components/table.js';

const COUNT = 10;

/** @param {{contributions: import('./contribution-shares.js').Contribution[], columns: Map<string, object>}} props */
export function Contributions({ contributions, columns }) {
  const { t, lang, format } = useLanguage();
  const [view, setView] = useState('chart');
  const rows = useMemo(
    () =>
      contributionRows(contributions, {
        count: COUNT,
        lang,
        format,
        columns,
        restLabel: (n) => t('why.others', n),
      }),
    [contributions, columns, lang, format],
  );
  return html`
    <section class="card why" aria-labelledby="why-title">
      <div class="card-head">
        <h2 id="why-title">${t('why.heading')}</h2>
        <${ViewSwitch} view=${view} onChoose=${setView} />
      </div>
      <p class="card-help">${t('why.help')}</p>
      ${view === 'chart' ? html`<${Bars} rows=${rows} />` : html`<${Rows} rows=${rows} />`}
    </section>`;
}

function ViewSwitch({ view, onChoose }) {
  const { t } = useLanguage();
  return html`
    <div class="segments" role="group" aria-label=${t('why.view')}>
      ${['chart', 'table'].map(
        (name) => html`
        <button key=${name} type="button" class="segment" aria-pressed=${String(name === view)} onClick=${() => onChoose(name)}>
          ${t(`why.${name}`)}
        </button>`,
      )}
    </div>`;
}

function Bars({ rows }) {
  const { t, format } = useLanguage();
  const description = t(
    'why.describe',
    rows.map((row) => `${row.label} ${format.signed(row.contribution)}`).join(', '),
  );
  const build = useCallback(
    ({ width, palette }) => contributionsChart(rows, { width, palette, signed: format.signed, description }),
    [rows, format, description],
  );
  return html`
    <div class="why-body">
      <p class="ends" aria-hidden="true"><span>← ${t('why.lowers')}</span><span>${t('why.raises')} →</span></p>
      <${Chart} build=${build} height=${(width) => chartHeight(rows.length, width)} label=${description}
        fallback=${html`<${Rows} rows=${rows} />`} />
    </div>`;
}

function Rows({ rows }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('why.feature') },
    { label: t('why.value') },
    { label: t('why.effect'), kind: 'effect' },
    { label: t('why.weight'), kind: 'number' },
  ];
  const cells = ({ label, value, contribution }) => [
    label,
    value || '—',
    t(`why.${directionOf(contribution)}`),
    format.signed(contribution),
  ];
  return html`<${Table} heads=${heads} rows=${rows.map((row) => ({ key: row.key, cells: cells(row) }))} />`;
}
