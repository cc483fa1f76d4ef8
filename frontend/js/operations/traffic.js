/** What went through, and how fast, over hours or weeks: four small figures on one scale of time. */
import { TimeSeries } from '../charts/time-series.js';
import { Failure } from '../components/failure.js';
import { Figure } from '../components/figure.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const HOURS = [3, 24, 168, 720];
const FIRST_HOURS = 24;
const EVERY_MS = 60_000;
const TONES = ['main', 'second', 'third'];

/** Figure -> what it is drawn of. */
const FIGURES = [
  { name: 'verdicts', kind: 'bars', series: ['accepted', 'reviews', 'refusals'] },
  { name: 'latency', kind: 'lines', series: ['latency_p50', 'latency_p95', 'latency_p99'] },
  { name: 'rows', kind: 'bars', series: ['scored_rows', 'rejected_rows'] },
  { name: 'trouble', kind: 'bars', series: ['errors', 'invalid_applications', 'failed_files'] },
  { name: 'canary', kind: 'lines', series: ['canary_seconds'] },
];

export function useTraffic(hours = FIRST_HOURS) {
  const load = (signal) => api.traffic(hours, signal);
  return useQuery(['traffic', hours], load, { every: EVERY_MS, keep: true });
}

export function Traffic() {
  const { t } = useLanguage();
  const [hours, setHours] = useState(FIRST_HOURS);
  const { state, value, error, reload } = useTraffic(hours);
  return html`
    <section class="card" aria-labelledby="traffic-title">
      <div class="card-head">
        <h2 id="traffic-title">${t('traffic.title')}</h2>
        <div class="segments" role="group" aria-label=${t('traffic.since')}>
          ${HOURS.map((each) => html`<button key=${each} type="button" class="segment" aria-pressed=${String(hours === each)} onClick=${() => setHours(each)}>${t(`traffic.hours.${each}`)}</button>`)}
        </div>
      </div>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${['half', 'half', 'half', 'half']} />`}
      ${value && html`<${Figures} traffic=${value} hours=${hours} />`}
      ${value?.dashboard_url && html`<p><a href=${value.dashboard_url} target="_blank" rel="noreferrer">${t('traffic.dashboard')}</a></p>`}
    </section>`;
}

/** By name, and what is made of two of them: accepted are those that are neither refused nor reviewed. */
export function seriesOf(traffic) {
  const found = Object.fromEntries(traffic.series.map(({ name, values }) => [name, values]));
  found.accepted = found.scores.map((scores, place) =>
    scores === null ? null : Math.max(scores - (found.refusals[place] ?? 0) - (found.reviews[place] ?? 0), 0),
  );
  return found;
}

export const sumOf = (values) => values.reduce((sum, value) => sum + (value ?? 0), 0);

function Figures({ traffic, hours }) {
  const values = seriesOf(traffic);
  return html`<div class="series-grid">${FIGURES.map((figure) => html`<${One} key=${figure.name} figure=${figure} values=${values} traffic=${traffic} hours=${hours} />`)}</div>`;
}

function One({ figure: { name, kind, series }, values, traffic, hours }) {
  const { t, format } = useLanguage();
  const times = values[series[0]].map(
    (_, place) => new Date(Date.parse(traffic.start) + place * traffic.period_seconds * 1000),
  );
  const told = (time) => (hours <= 24 ? format.time(time) : format.date(time));
  const moments = [times[0], times[Math.floor(times.length / 2)], times.at(-1)].map(told);
  const drawn = series.map((key, place) => ({
    key,
    label: t(`traffic.series.${key}`),
    values: values[key],
    tone: TONES[place],
  }));
  const rows = times
    .map((time, place) => ({
      key: time.toISOString(),
      cells: [format.dateTime(time), ...series.map((key) => cell(values[key][place], format))],
    }))
    .filter((_, place) => series.some((key) => values[key][place] !== null));
  return html`
    <${Figure} level=${3} title=${t(`traffic.figure.${name}`)} sentence=${t(`traffic.sentence.${name}`, ...series.map((key) => tellOf(kind, values[key], format)))}
      heads=${[{ label: t('traffic.when') }, ...drawn.map(({ label }) => ({ label, kind: 'number' }))]} rows=${rows}>
      ${rows.length > 0 && html`<${TimeSeries} series=${drawn} kind=${kind} moments=${moments} top=${kind === 'bars' ? 4 : 1} format=${format.number} />`}
    <//>`;
}

/** Counts are added up; of a latency or a duration the largest is told, null where there is none. */
function tellOf(kind, values, format) {
  if (kind === 'bars') return format.number(sumOf(values));
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? format.number(Math.round(Math.max(...known))) : null;
}

const cell = (value, format) => (value === null ? '—' : format.number(value));
