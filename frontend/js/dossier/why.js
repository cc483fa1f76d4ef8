/** From the average applicant to this one: what each family adds or takes, in points that add up. */
import { byFamily, directionOf, usualShares } from './families.js';
import { waterfall } from '../charts/waterfall.js';
import { Figure } from '../components/figure.js';
import { Icon } from '../components/icon.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useMemo, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { inSentence } from '../core/typography.js';

export function Why({ score }) {
  const { t, wordFor, format } = useLanguage();
  const importance = useQuery(['importance'], (signal) => api.importance(signal), { fresh: 600_000 });
  const families = useMemo(() => byFamily(score.contributions), [score]);
  const usual = importance.value ? usualShares(importance.value) : new Map();
  const { average_probability: average, probability_of_default: pd } = score;
  const heads = [
    { label: t('why.family') },
    { label: t('why.points'), kind: 'number' },
    { label: t('why.usual'), kind: 'number' },
  ];
  const rows = families.map(({ family, points }) => ({
    key: family,
    cells: [wordFor('family', family), format.signedPoints(points), usualWord(usual.get(family), format)],
  }));
  const [first] = families;
  const sentence = t(
    'why.sentence',
    format.percent(average),
    format.percent(pd),
    inSentence(wordFor('family', first.family)),
    format.signedPoints(first.points),
  );
  return html`
    <section class="card why">
      <${Figure} title=${t('why.heading')} sentence=${sentence} heads=${heads} rows=${rows}>
        <${Waterfall} score=${score} families=${families} usual=${usual} />
      <//>
    </section>`;
}

function usualWord(share, format) {
  return share === undefined ? '—' : format.wholePercent(share);
}

function Waterfall({ score, families, usual }) {
  const { t, format } = useLanguage();
  const { average_probability: average, probability_of_default: pd, cutoff } = score;
  const steps = families.map(({ family, points }) => ({ key: family, amount: points }));
  const { bars, position, rest } = waterfall(average, steps, [cutoff, pd]);
  const at = (value) => `${position(value).toFixed(2)}%`;
  const find = (key) => families.find(({ family }) => family === key);
  return html`
    <div class="waterfall" style=${{ '--limit': at(cutoff) }}>
      <p class="waterfall-limit"><span>${t('gauge.limit', format.percent(cutoff))}</span></p>
      <${End} label=${t('why.average')} value=${average} at=${at(average)} />
      ${bars.map(({ key, left, width }) => html`<${Step} key=${key} family=${find(key)} left=${left} width=${width} usual=${usual.get(key)} />`)}
      ${
        Math.abs(rest) > 0 &&
        html`
        <p class="waterfall-row rest">
          <span class="waterfall-label">${t('why.rest')}</span><span></span>
          <span class="number">${format.signedPoints(rest)}</span>
        </p>`
      }
      <${End} label=${t('why.applicant')} value=${pd} at=${at(pd)} isOwn />
      <p class="waterfall-note">${t('why.usualHelp')}</p>
    </div>`;
}

function End({ label, value, at, isOwn = false }) {
  const { format } = useLanguage();
  return html`
    <p class=${`waterfall-row end ${isOwn ? 'own' : ''}`}>
      <span class="waterfall-label">${label}</span>
      <span class="waterfall-lane" aria-hidden="true"><span class="waterfall-point" style=${{ left: at }}></span></span>
      <strong class="number">${format.percent(value)}</strong>
    </p>`;
}

/** One family; opened, its columns. */
function Step({ family: { family, points, features }, left, width, usual }) {
  const { t, wordFor, format } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const way = directionOf(points);
  return html`
    <details class="waterfall-step" onToggle=${(event) => setOpen(event.currentTarget.open)}>
      <summary class="waterfall-row">
        <span class="waterfall-label">
          <${Icon} name="chevron" />${wordFor('family', family)}
          ${usual !== undefined && html`<span class="usual" title=${t('why.usual')}>${format.wholePercent(usual)}</span>`}
        </span>
        <span class="waterfall-lane" aria-hidden="true">
          <span class=${`waterfall-bar ${way}`} style=${{ left: `${left.toFixed(2)}%`, width: `${Math.max(width, 0.4).toFixed(2)}%` }}></span>
        </span>
        <span class="number">${format.signedPoints(points)}<span class="visually-hidden"> ${t(`why.${way}`)}</span></span>
      </summary>
      ${isOpen && html`<${Columns} features=${features} />`}
    </details>`;
}

const SHOWN = 8;

function Columns({ features }) {
  const { t, lang, format } = useLanguage();
  const shown = features.slice(0, SHOWN);
  const rest = features.slice(SHOWN);
  const points = rest.reduce((sum, each) => sum + each.probability_points, 0);
  return html`
    <dl class="pairs waterfall-columns">
      ${shown.map(
        (item) => html`
        <div key=${item.feature} class="pair">
          <dt>${labelOf(item, lang)} <span class="pair-value">${format.value(item.value, item)}</span></dt>
          <dd class="number">${format.signedPoints(item.probability_points)}</dd>
        </div>`,
      )}
      ${rest.length > 0 && html`<div class="pair"><dt>${t('why.others', rest.length)}</dt><dd class="number">${format.signedPoints(points)}</dd></div>`}
    </dl>`;
}
