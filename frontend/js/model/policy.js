/** What another cut-off, or another cost of a default, would change: approvals, cost, by group. */
import { TimeSeries } from '../charts/time-series.js';
import { Field } from '../components/field.js';
import { Figure } from '../components/figure.js';
import { Table } from '../components/table.js';
import { useLanguage } from '../core/language.js';
import { html, useId, useState } from '../core/preact.js';

const RATIOS = [10, 100];
const LEAST_RATIO = 0.1;
const MOST_RATIO = 1000;
const NUMBER = /^\d+([.,]\d+)?$/;

/** Cost an applicant at every cut-off, in refused good payers. */
export function costsOf(grid, ratio) {
  return grid.cutoffs.map(
    (_, place) => ratio * grid.accepted_defaults[place] + grid.refused_good_payers[place],
  );
}

/** The cheapest place; of equals the lowest cut-off. */
export function cheapest(costs) {
  return costs.indexOf(Math.min(...costs));
}

/** The place of the highest cut-off that is not above this one. */
export function placeOf(grid, cutoff) {
  const above = grid.cutoffs.findIndex((each) => each > cutoff + 1e-9);
  return Math.max((above < 0 ? grid.cutoffs.length : above) - 1, 0);
}

export function Policy({ cutoff }) {
  const { t, format } = useLanguage();
  const { grid } = cutoff;
  const now = placeOf(grid, cutoff.cutoff);
  const [typed, setTyped] = useState(String(cutoff.cost_ratio));
  const [chosen, setChosen] = useState(now);
  const id = useId();
  const ratio = NUMBER.test(typed.trim()) ? Number(typed.replace(',', '.')) : NaN;
  const isRatio = ratio >= LEAST_RATIO && ratio <= MOST_RATIO;
  const costs = costsOf(grid, isRatio ? ratio : cutoff.cost_ratio);
  const best = cheapest(costs);
  const heads = [
    { label: t('policy.cutoff') },
    { label: t('metric.approval_rate'), kind: 'number' },
    { label: t('versions.cost'), kind: 'number' },
  ];
  const rows = grid.cutoffs.map((each, place) => ({
    key: String(each),
    cells: [format.percent(each), format.percent(grid.approved[place]), format.number(costs[place])],
  }));
  return html`
    <section class="card" aria-labelledby="${id}-title">
      <h2 id="${id}-title">${t('policy.title')}</h2>
      <p class="card-help">${t('policy.help')}</p>
      <div class="policy-choices no-print">
        <${Field} label=${t('policy.ratio')} hint=${t('policy.ratioHint')} inputmode="decimal" value=${typed}
          error=${isRatio ? null : t('form.bounds', format.number(LEAST_RATIO), format.number(MOST_RATIO))} onInput=${(event) => setTyped(event.currentTarget.value)} />
        <div class="page-actions">
          ${RATIOS.map((each) => html`<button key=${each} type="button" class="button" onClick=${() => setTyped(String(each))}>${t('model.ratioValue', each)}</button>`)}
          <button type="button" class="button" onClick=${() => setChosen(best)}>${t('policy.best')}</button>
          <button type="button" class="button" onClick=${() => setChosen(now)}>${t('policy.now')}</button>
        </div>
        <label class="label" for="${id}-cutoff">${t('policy.cutoff')}</label>
        <input id="${id}-cutoff" type="range" class="lever-range" min="0" max=${grid.cutoffs.length - 1} step="1" value=${chosen}
          aria-valuetext=${format.percent(grid.cutoffs[chosen])} onInput=${(event) => setChosen(Number(event.currentTarget.value))} />
      </div>
      <${Figure} level=${3} title=${t('policy.curve')} heads=${heads} rows=${rows}
        sentence=${t('policy.sentence', format.percent(grid.cutoffs[chosen]), format.percent(grid.approved[chosen]), format.number(costs[chosen]), format.percent(grid.cutoffs[best]))}>
        <${TimeSeries} series=${[{ key: 'cost', label: '', values: costs, tone: 'main' }]} kind="lines" mark=${chosen} top=${0.01} format=${format.number}
          moments=${[0, Math.floor(costs.length / 2), costs.length - 1].map((place) => t('policy.approved', format.wholePercent(grid.approved[place])))} />
      <//>
      <${ByGroup} grid=${grid} now=${now} chosen=${chosen} />
    </section>`;
}

function ByGroup({ grid, now, chosen }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('policy.group') },
    { label: t('policy.before'), kind: 'number' },
    { label: t('policy.after'), kind: 'number' },
    { label: t('policy.change'), kind: 'number' },
  ];
  const rows = Object.entries(grid.groups).flatMap(([attribute, groups]) =>
    Object.entries(groups).map(([name, shares]) => ({
      key: `${attribute} ${name}`,
      cells: [
        html`<span lang="en">${name}</span> <span class="finding-source">${attribute}</span>`,
        format.percent(shares[now]),
        format.percent(shares[chosen]),
        t('policy.points', format.signedPoints(shares[chosen] - shares[now])),
      ],
    })),
  );
  return html`
    <h3>${t('policy.groups')}</h3>
    <${Table} heads=${heads} rows=${rows} />`;
}
