/** This applicant among others: files like this one, one column at a time, two against each other. */
import { AsStored } from './correction.js';
import { DossierFrame } from './dossier-frame.js';
import { forward } from './time-passed.js';
import { Dots } from '../charts/dots.js';
import { Heatmap } from '../charts/heatmap.js';
import { Histogram } from '../charts/histogram.js';
import { Failure } from '../components/failure.js';
import { Figure } from '../components/figure.js';
import { Skeleton } from '../components/skeleton.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useMemo, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { replaceRoute, route } from '../core/router.js';
import { api } from '../core/services.js';

export function Compare({ id }) {
  return html`
    <${DossierFrame} id=${id} shapes=${['half', 'half', 'wide-bone']}>
      ${(subject) => html`
        ${subject.isCorrected && html`<${AsStored} />`}
        <${Comparison} id=${id} score=${subject.stored} />`}
    <//>`;
}

function Comparison({ id, score }) {
  const { x, y, feature } = route.value.query;
  const features = useMemo(() => choices(score.contributions), [score]);
  const [first, second] = features.filter(({ type }) => type !== 'category');
  const chosen = { feature: feature ?? first.feature, x: x ?? first.feature, y: y ?? second.feature };
  const choose = (part) => replaceRoute('compare', { id }, { ...route.value.query, ...part });
  // Drawn together at first: what comes first would be moved by what comes after it.
  const parts = [usePeers(id), useDistribution(id, chosen.feature, 'all'), useScatter(chosen.x, chosen.y)];
  if (parts.some(({ state }) => state === 'loading'))
    return html`<${Skeleton} shapes=${['half', 'half', 'wide-bone']} />`;
  return html`
    <div class="compare">
      <${Peers} id=${id} />
      <${Distribution} id=${id} features=${features} feature=${chosen.feature} onChoose=${(name) => choose({ feature: name })} />
      <${Scatter} id=${id} features=${features} x=${chosen.x} y=${chosen.y} onChoose=${choose} />
    </div>`;
}

/** What the model reads, the heaviest of this applicant first; what is only a number to nobody is left out. */
function choices(contributions) {
  return contributions.filter(({ unit }) => unit !== 'normalised');
}

const usePeers = (id) => useQuery(['peers', id], (signal) => api.peers(id, signal));

const useDistribution = (id, feature, among) =>
  useQuery(
    ['distribution', feature, id, among],
    (signal) => api.distribution(feature, { applicant: id, among }, signal),
    { keep: true, fresh: 600_000 },
  );

const useScatter = (x, y) =>
  useQuery(['scatter', x, y], (signal) => api.scatter({ x, y }, signal), { keep: true, fresh: 600_000 });

function Peers({ id }) {
  const { t, sayIn, format } = useLanguage();
  const { value, error, reload } = usePeers(id);
  if (!value)
    return html`<section class="card"><h2>${t('peers.heading')}</h2><${Failure} error=${error} onRetry=${reload} /></section>`;
  const { peers } = value;
  const heads = [{ label: t('peers.what') }, { label: t('peers.count'), kind: 'number' }];
  const rows = [
    { key: 'rows', cells: [t('peers.files'), format.number(peers.rows)] },
    { key: 'defaults', cells: [t('peers.defaults'), format.number(peers.defaults)] },
    { key: 'share', cells: [t('peers.share'), format.percent(peers.share)] },
    {
      key: 'interval',
      cells: [
        t('peers.interval'),
        `${format.percent(peers.interval.low)} – ${format.percent(peers.interval.high)}`,
      ],
    },
  ];
  return html`
    <section class="card">
      <${Figure} title=${t('peers.heading')} sentence=${sayIn(peers.text)} heads=${heads} rows=${rows}>
        <${Dots} count=${peers.rows} marked=${peers.defaults} />
        <p class="legend">
          <span><span class="legend-dot marked"></span>${t('peers.defaults')}</span>
          <span><span class="legend-dot"></span>${t('peers.repaid')}</span>
        </p>
      <//>
      ${!peers.typical && html`<p class="card-help">${t('peers.untypical')}</p>`}
    </section>`;
}

function Distribution({ id, features, feature, onChoose }) {
  const { t, lang, format } = useLanguage();
  const [among, setAmong] = useState('all');
  const { state, value, error, reload } = useDistribution(id, feature, among);
  const picture = () => {
    const column = features.find((each) => each.feature === feature) ?? value;
    const told = forward(value);
    const bins = told.bins.map((bin) => ({
      label: binLabel(bin, value, format),
      accepted: bin.accepted ?? 0,
      refused: bin.refused ?? (bin.accepted === null ? (bin.rows ?? 0) : 0),
      isOwn: value.applicant?.bin === bin.place,
    }));
    const own = value.applicant;
    const label = labelOf(column, lang);
    const sentence =
      own?.share_below === null || own?.share_below === undefined
        ? t('distribution.here', label, format.value(own?.value, column))
        : t(
            'distribution.sentence',
            label,
            format.value(own.value, column),
            format.wholePercent(own.share_below),
          );
    const heads = [
      { label },
      { label: t('distribution.accepted'), kind: 'number' },
      { label: t('distribution.refused'), kind: 'number' },
    ];
    const rows = told.bins.map((bin, index) => ({
      key: bins[index].label,
      cells: [
        bins[index].isOwn
          ? html`<strong>${bins[index].label} ← ${t('distribution.own')}</strong>`
          : bins[index].label,
        bin.accepted === null ? t('distribution.withheld') : format.number(bin.accepted),
        bin.refused === null ? t('distribution.withheld') : format.number(bin.refused),
      ],
    }));
    return html`
      <${Figure} title=${t(among === 'similar' ? 'distribution.headingSimilar' : 'distribution.heading')} sentence=${sentence} heads=${heads} rows=${rows}>
        <${Histogram} bins=${bins} />
        <p class="legend">
          <span><span class="legend-box accepted"></span>${t('distribution.accepted')}</span>
          <span><span class="legend-box refused"></span>${t('distribution.refused')}</span>
          <span><span class="legend-own"></span>${t('distribution.own')}</span>
        </p>
      <//>`;
  };
  return html`
    <section class="card">
      <${Choice} id="distribution-feature" label=${t('distribution.choose')} features=${features} chosen=${feature} onChoose=${onChoose} />
      <div class="segments" role="group" aria-label=${t('distribution.among')}>
        ${['all', 'similar'].map((name) => html`<button key=${name} type="button" class="segment" aria-pressed=${String(among === name)} onClick=${() => setAmong(name)}>${t(`among.${name}`)}</button>`)}
      </div>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${['verdict-bone']} />`}
      ${value && picture()}
    </section>`;
}

function Scatter({ id, features, x, y, onChoose }) {
  const { t, lang, format } = useLanguage();
  const numbers = features.filter(({ type }) => type !== 'category');
  const { state, value, error, reload } = useScatter(x, y);
  const own = useOwnBins(id, x, y);
  const picture = () => {
    const [across, up] = [value.x, value.y].map(forward);
    const [columns, rows] = [across, up].map((axis) => axis.bins.map((bin) => binLabel(bin, axis, format)));
    const riskiest = Math.max(...value.cells.map((cell) => cell.mean_probability_of_default), 1e-9);
    const text = (cell) =>
      t('scatter.cell', format.number(cell.rows), format.percent(cell.mean_probability_of_default));
    const cells = value.cells.map((cell) => ({
      x: across.at(cell.x),
      y: up.at(cell.y),
      count: cell.rows,
      share: cell.mean_probability_of_default / riskiest,
      isOwn: own.x === cell.x && own.y === cell.y,
      text: text(cell),
    }));
    const here = value.cells.find((cell) => cell.x === own.x && cell.y === own.y);
    const names = [labelOf(value.x, lang), labelOf(value.y, lang)];
    const sentence = here ? t('scatter.sentence', ...names, text(here)) : t('scatter.alone', ...names);
    const heads = [
      { label: names[0] },
      { label: names[1] },
      { label: t('scatter.rows'), kind: 'number' },
      { label: t('scatter.risk'), kind: 'number' },
    ];
    const table = value.cells.map((cell) => ({
      key: `${cell.x},${cell.y}`,
      cells: [
        columns[across.at(cell.x)],
        rows[up.at(cell.y)],
        format.number(cell.rows),
        format.percent(cell.mean_probability_of_default),
      ],
    }));
    return html`
      <${Figure} title=${t('scatter.heading')} sentence=${sentence} heads=${heads} rows=${table}>
        <${Heatmap} columns=${columns} rows=${rows} cells=${cells} />
        <p class="legend">
          <span><span class="legend-risk"></span>${t('scatter.legend')}</span>
          <span><span class="legend-own"></span>${t('distribution.own')}</span>
        </p>
      <//>`;
  };
  return html`
    <section class="card scatter">
      <div class="scatter-choices">
        <${Choice} id="scatter-x" label=${t('scatter.x')} features=${numbers} chosen=${x} onChoose=${(name) => onChoose({ x: name })} />
        <${Choice} id="scatter-y" label=${t('scatter.y')} features=${numbers} chosen=${y} onChoose=${(name) => onChoose({ y: name })} />
      </div>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${value && picture()}
    </section>`;
}

/** In which bins of both columns the applicant is: the distributions tell. */
function useOwnBins(id, x, y) {
  const ask = (feature) => (signal) => api.distribution(feature, { applicant: id, among: 'all' }, signal);
  const across = useQuery(['distribution', x, id, 'all'], ask(x), { fresh: 600_000 });
  const up = useQuery(['distribution', y, id, 'all'], ask(y), { fresh: 600_000 });
  return { x: across.value?.applicant?.bin ?? null, y: up.value?.applicant?.bin ?? null };
}

function Choice({ id, label, features, chosen, onChoose }) {
  const { wordFor, lang } = useLanguage();
  const families = Map.groupBy(features, ({ family }) => family);
  return html`
    <div class="field choice">
      <label for=${id}>${label}</label>
      <select id=${id} class="input" value=${chosen} onChange=${(event) => onChoose(event.currentTarget.value)}>
        ${[...families].map(
          ([family, members]) => html`
          <optgroup key=${family} label=${wordFor('family', family)}>
            ${members.map((each) => html`<option key=${each.feature} value=${each.feature}>${labelOf(each, lang)}</option>`)}
          </optgroup>`,
        )}
      </select>
    </div>`;
}

function binLabel(bin, column, format) {
  if (bin.category !== null) return format.value(bin.category, column);
  const [low, high] = [bin.from, bin.to].map((edge) => (edge === null ? null : format.value(edge, column)));
  if (low === null) return `< ${high}`;
  return high === null ? `≥ ${low}` : `${low} – ${high}`;
}
