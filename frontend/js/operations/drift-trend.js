/** The way of findings (by column and source) and of estimates over the newest runs. */
import { TimeSeries } from '../charts/time-series.js';
import { Figure } from '../components/figure.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';

const MOST_ROWS = 12;
/** Figure -> what is estimated. */
const ESTIMATES = ['default_rate', 'auc', 'cost'];

/** By column or by source, which runs found something there; the oldest run first. */
export function FindingTrend({ runs }) {
  const { t, format } = useLanguage();
  const [by, setBy] = useState('column');
  const oldestFirst = [...runs].reverse();
  const lanes = lanesOf(oldestFirst, by, t('drift.everywhere'));
  const heads = [
    { label: t(`drift.by.${by}`) },
    ...oldestFirst.map(({ run }) => ({ label: format.date(run.slice(0, 10)) })),
  ];
  const rows = lanes.map(({ name, cells }) => ({
    key: name,
    cells: [name, ...cells.map((cell) => (cell ? t(`alarms.urgency.${cell}`) : '—'))],
  }));
  return html`
    <section class="card">
      <div class="segments" role="group" aria-label=${t('drift.byWhat')}>
        ${['column', 'source'].map((each) => html`<button key=${each} type="button" class="segment" aria-pressed=${String(by === each)} onClick=${() => setBy(each)}>${t(`drift.by.${each}`)}</button>`)}
      </div>
      <${Figure} title=${t('drift.trend')} sentence=${t('drift.trendSentence', lanes.length, runs.length)} heads=${heads} rows=${rows}>
        <${Lanes} lanes=${lanes} runs=${oldestFirst} />
      <//>
    </section>`;
}

/**
 * The heaviest and newest first.
 *
 * @param {any[]} runs @param {string} by @param {string} everywhere
 * @returns {{name: string, cells: ('page' | 'ticket' | null)[]}[]}
 */
export function lanesOf(runs, by, everywhere) {
  const lanes = new Map();
  runs.forEach(({ findings }, place) => {
    for (const { columns, source, urgency } of findings)
      for (const name of by === 'column' ? columns : [source || everywhere]) {
        if (!lanes.has(name))
          lanes.set(
            name,
            runs.map(() => null),
          );
        const cells = lanes.get(name);
        if (cells[place] !== 'page') cells[place] = urgency;
      }
  });
  const weight = (cells) => cells.filter(Boolean).length * runs.length + cells.lastIndexOf('page');
  return [...lanes]
    .map(([name, cells]) => ({ name, cells }))
    .sort((a, b) => weight(b.cells) - weight(a.cells))
    .slice(0, MOST_ROWS);
}

function Lanes({ lanes, runs }) {
  const { t, format } = useLanguage();
  if (lanes.length === 0) return html`<p class="card-help">${t('drift.noFindings')}</p>`;
  return html`
    <div class="lanes" aria-hidden="true">
      ${lanes.map(
        ({ name, cells }) => html`
        <div key=${name} class="lane">
          <span class="lane-name">${name}</span>
          <span class="lane-cells">${cells.map((cell, place) => html`<i key=${runs[place].run} class=${`lane-cell is-${cell ?? (runs[place].status === 'measured' ? 'none' : 'unknown')}`}></i>`)}</span>
        </div>`,
      )}
      <div class="lane"><span></span><span class="lane-ends"><span>${format.date(runs[0].run.slice(0, 10))}</span><span>${format.date(runs.at(-1).run.slice(0, 10))}</span></span></div>
      <p class="legend">${['page', 'ticket'].map((urgency) => html`<span key=${urgency}><i class=${`lane-cell is-${urgency}`}></i>${t(`alarms.urgency.${urgency}`)}</span>`)}</p>
    </div>`;
}

/** What is estimated from the PDs alone, with its interval. */
export function EstimateTrend({ runs }) {
  const { t } = useLanguage();
  const told = [...runs].reverse().filter(({ estimated }) => estimated);
  if (told.length === 0) return null;
  return html`
    <section class="card" aria-labelledby="estimates-title">
      <h2 id="estimates-title">${t('drift.estimates')}</h2>
      <p class="card-help">${t('drift.blind')}</p>
      <div class="series-grid">${ESTIMATES.map((name) => html`<${Estimate} key=${name} name=${name} runs=${told} />`)}</div>
    </section>`;
}

function Estimate({ name, runs }) {
  const { t, format } = useLanguage();
  const told = name === 'default_rate' ? format.percent : format.number;
  const parts = ['low', 'value', 'high'];
  const series = parts.map((part) => ({
    key: part,
    label: t(`drift.estimate.${part}`),
    isEnd: part !== 'value',
    values: runs.map(({ estimated }) => estimated[name]?.[part] ?? null),
    tone: part === 'value' ? 'main' : 'second',
  }));
  // The two ends are one thing in the legend.
  const drawn = series.map((each) => ({
    ...each,
    label: each.key === 'high' ? '' : each.isEnd ? t('drift.estimate.interval') : each.label,
  }));
  const last = runs.at(-1).estimated[name];
  const lows = series[0].values.filter((value) => value !== null);
  const floor = lows.length > 0 ? 0.9 * Math.min(...lows) : 0;
  const heads = [{ label: t('drift.run') }, ...series.map(({ label }) => ({ label, kind: 'number' }))];
  const rows = runs.map(({ run }, place) => ({
    key: run,
    cells: [
      format.date(run.slice(0, 10)),
      ...series.map(({ values }) => (values[place] === null ? '—' : told(values[place]))),
    ],
  }));
  return html`
    <${Figure} level=${3} title=${t(`drift.estimate.${name}`)} heads=${heads} rows=${rows}
      sentence=${last ? t('drift.estimateNow', told(last.value), told(last.low), told(last.high)) : t('drift.noVerdict')}>
      ${runs.length > 1 && html`<${TimeSeries} series=${drawn} kind="lines" floor=${floor} moments=${[...new Set([runs[0], runs.at(-1)])].map(({ run }) => format.date(run.slice(0, 10)))} top=${0.01} format=${told} />`}
    <//>`;
}
