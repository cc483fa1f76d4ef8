/** What else was tried on the same rows: other models, other ways with the rarity of defaults. */
import { Table } from '../components/table.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/**
 * @typedef {{name: string, fit_seconds: number, figures: Record<string, any>}} Candidate
 * @param {{comparison: {models: Candidate[], imbalance: Candidate[]}}} props
 */
export function Candidates({ comparison }) {
  const { t, format } = useLanguage();
  const numbers = ['auc', 'folds', 'ece', 'cost', 'cutoff', 'approved', 'seconds'];
  const heads = [
    { label: t('candidates.name') },
    ...numbers.map((name) => ({
      label: t(`candidates.${name}`),
      kind: /** @type {'number'} */ ('number'),
    })),
  ];
  const row = ({ name, fit_seconds: seconds, figures }) => ({
    key: name,
    cells: [
      html`<span lang="en">${name}</span>`,
      format.number(figures.auc),
      [Math.min, Math.max].map((end) => format.number(end(...figures.auc_by_fold))).join(' – '),
      format.number(figures.ece),
      format.number(figures.business_cost_per_applicant),
      format.percent(figures.cutoff),
      format.percent(figures.approval_rate),
      format.number(seconds),
    ],
  });
  return html`
    <section class="card" aria-labelledby="candidates-title">
      <h2 id="candidates-title">${t('candidates.title')}</h2>
      <p class="card-help">${t('candidates.help')}</p>
      <h3>${t('candidates.models')}</h3>
      <${Table} heads=${heads} rows=${comparison.models.map(row)} />
      <h3>${t('candidates.imbalance')}</h3>
      <${Table} heads=${heads} rows=${comparison.imbalance.map(row)} />
    </section>`;
}
