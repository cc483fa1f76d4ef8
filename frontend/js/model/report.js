/** Parts of a version's report: figures, calibration, importance, groups, where it comes from. */
import { Figure } from '../components/figure.js';
import { Icon } from '../components/icon.js';
import { Table } from '../components/table.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

const METRICS = [
  'auc',
  'gini',
  'ks',
  'brier',
  'ece',
  'approval_rate',
  'recall',
  'business_cost_per_applicant',
];
const SHARES = ['approval_rate', 'recall'];
const MOST_COLUMNS = 20;

export function Figures({ metrics, anchor }) {
  const { t, format } = useLanguage();
  const told = (name, value) => (SHARES.includes(name) ? format.percent(value) : format.number(value));
  const heads = [
    { label: t('comparison.figure') },
    { label: t('report.value'), kind: 'number' },
    { label: t('report.interval'), kind: 'number' },
  ];
  const rows = METRICS.filter((name) => name in metrics).map((name) => ({
    key: name,
    cells: [
      t(`metric.${name}`),
      told(name, metrics[name]),
      metrics.intervals?.[name]?.map((end) => told(name, end)).join(' – ') ?? '—',
    ],
  }));
  const plain = anchor?.plain;
  return html`
    <section class="card" aria-labelledby="figures-title">
      <h2 id="figures-title">${t('model.quality')}</h2>
      <p class="card-help">${t('report.rows', format.number(metrics.rows))}</p>
      <${Table} heads=${heads} rows=${rows} />
      ${plain && html`<p class="card-help">${t('report.anchor', ...[plain.auc.difference, ...plain.auc.interval].map(format.signedFine))}</p>`}
    </section>`;
}

export function Calibration({ bins }) {
  const { t, format } = useLanguage();
  const heads = ['expected', 'observed', 'applicants'].map((name) => ({
    label: t(`report.${name}`),
    kind: /** @type {'number'} */ ('number'),
  }));
  const rows = bins.map((bin, place) => ({
    key: String(place),
    cells: [
      format.percent(bin.mean_pd),
      `${format.percent(bin.default_rate)} (${bin.default_rate_interval.map((end) => format.percent(end)).join(' – ')})`,
      format.number(bin.applicants),
    ],
  }));
  const top = Math.max(...bins.map((bin) => bin.default_rate_interval[1]), ...bins.map((bin) => bin.mean_pd));
  const far = bins.filter(
    (bin) => bin.mean_pd < bin.default_rate_interval[0] || bin.mean_pd > bin.default_rate_interval[1],
  );
  const at = (value) => `${((100 * value) / top).toFixed(2)}%`;
  return html`
    <section class="card">
      <${Figure} title=${t('report.calibration')} sentence=${t('report.calibrationSentence', far.length, bins.length)} heads=${heads} rows=${rows}>
        <div class="calibration" aria-hidden="true">
          ${bins.map(
            (bin, place) => html`
            <div key=${place} class="calibration-row">
              <span class="number">${format.percent(bin.mean_pd)}</span>
              <span class="reach">
                <span class="reach-bar" style=${{ left: at(bin.default_rate_interval[0]), width: at(bin.default_rate_interval[1] - bin.default_rate_interval[0]) }}></span>
                <span class="reach-now" style=${{ left: at(bin.mean_pd) }}></span>
              </span>
            </div>`,
          )}
        </div>
      <//>
    </section>`;
}

export function Importance({ explanations }) {
  const { t, format, lang } = useLanguage();
  const families = explanations.families.map((family) => [labelOf(family, lang), family.share]);
  const columns = explanations.features
    .slice(0, MOST_COLUMNS)
    .map((feature) => [labelOf(feature, lang), feature.share]);
  const faithful = explanations.faithfulness;
  return html`
    <section class="card" aria-labelledby="importance-title">
      <h2 id="importance-title">${t('report.importance')}</h2>
      <div class="series-grid">
        <${Bars} title=${t('report.families')} bars=${families} />
        <${Bars} title=${t('report.columns')} bars=${columns} />
      </div>
      ${faithful && html`<p class="card-help">${t('report.faithful', format.percent(faithful.heaviest_raises), format.percent(faithful.heaviest_lowers))}</p>`}
    </section>`;
}

function Bars({ title, bars }) {
  const { t, format } = useLanguage();
  const heads = [{ label: title }, { label: t('report.share'), kind: /** @type {'number'} */ ('number') }];
  const rows = bars.map(([label, share]) => ({ key: label, cells: [label, format.percent(share)] }));
  const most = Math.max(...bars.map(([, share]) => share));
  return html`
    <${Figure} level=${3} title=${title} sentence=${t('report.first', bars[0][0], format.percent(bars[0][1]))} heads=${heads} rows=${rows}>
      <div class="weights" aria-hidden="true">
        ${bars.map(([label, share]) => html`<div key=${label} class="weight"><span>${label}</span><span class="weight-bar"><span style=${{ width: `${(100 * share) / most}%` }}></span></span><span class="number">${format.percent(share)}</span></div>`)}
      </div>
    <//>`;
}

export function Groups({ fairness }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('policy.group') },
    ...['applicants', 'approval', 'defaults', 'ratio'].map((name) => ({
      label: t(`report.${name}`),
      kind: /** @type {'number'} */ ('number'),
    })),
  ];
  const rate = (one) => (one ? format.percent(one.value) : '—');
  return html`
    <section class="card" aria-labelledby="groups-title">
      <h2 id="groups-title">${t('report.groups')}</h2>
      <p lang="en">${fairness.sentence}</p>
      ${fairness.attributes.map(
        ({ attribute, label, status, sentence, groups }) => html`
        <details class="alarm" key=${attribute}>
          <summary><${Icon} name="chevron" /><span class="alarm-name" lang="en">${label}</span><span class=${`chip ${status === 'fail' ? 'refuse' : ''}`}><${Icon} name=${status === 'pass' ? 'check' : 'alert'} />${t(`report.status.${status}`)}</span></summary>
          <p lang="en">${sentence}</p>
          <${Table} heads=${heads} rows=${groups.map((group) => ({ key: group.name, cells: [html`<span lang="en">${group.name}</span>`, format.number(group.applicants), rate(group.approval_rate), rate(group.default_rate), group.observed_to_expected ? format.number(group.observed_to_expected.value) : '—'] }))} />
        </details>`,
      )}
    </section>`;
}

export function Lineage({ report }) {
  const { t, format } = useLanguage();
  const { lineage, data, recipe, model, features } = report;
  const pairs = [
    ['rows', format.number(data.rows)],
    ['defaults', format.percent(data.default_rate)],
    ['features', format.number(features.kept)],
    ['trees', format.number(model.trees)],
    ['seed', String(recipe.seed)],
    ['commit', lineage.git_commit],
    ['data', lineage.data_sha256],
    ['lightgbm', lineage.lightgbm],
    ['python', lineage.python],
  ];
  return html`
    <section class="card" aria-labelledby="lineage-title">
      <h2 id="lineage-title">${t('report.lineage')}</h2>
      <dl class="pairs">${pairs.map(([name, value]) => html`<div key=${name} class="pair"><dt>${t(`lineage.${name}`)}</dt><dd>${value?.length > 30 ? html`<code class="hash">${value}</code>` : (value ?? '—')}</dd></div>`)}</dl>
    </section>`;
}
