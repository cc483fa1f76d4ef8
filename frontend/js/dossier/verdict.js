/** The answer first: what is recommended, the risk, how far the acceptance threshold is, and how sure that is. */
import { Gauge } from './gauge.js';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** The whole verdict as one sentence, for the eye, the ear and the printer. */
export function verdictSentence(score, { t, format }) {
  const { decision, probability_of_default: pd, cutoff } = score;
  return t(`verdict.sentence.${decision}`, format.percent(pd), format.percent(cutoff));
}

export function Verdict({ score, spread }) {
  const language = useLanguage();
  const { t, format } = language;
  const { decision, risk_band: band, probability_of_default: pd } = score;
  return html`
    <section class=${`card verdict ${decision}`} aria-labelledby="verdict-title">
      <div class="verdict-words">
        <h2 id="verdict-title" class="overline">${t('verdict.heading')}</h2>
        <p class="verdict-decision"><span class="verdict-sign"><${Icon} name=${decision} /></span>${t(`verdict.${decision}`)}</p>
        <p class="verdict-sentence">${verdictSentence(score, language)}</p>
        <p class="verdict-distance">${distanceWords(score, language)}</p>
        <${Causes} review=${score.review ?? []} />
      </div>
      <div class="verdict-risk">
        <div class="verdict-figures">
          <p class="verdict-pd"><strong>${format.percent(pd)}</strong> <span>${t('verdict.riskLabel')}</span></p>
          <p class="verdict-band"><span>${t('verdict.band')}</span> <${Band} band=${band} /></p>
        </div>
        <${Gauge} pd=${pd} cutoff=${score.cutoff} spread=${spread} review=${score.review_range} />
        <p class="verdict-spread">${spread ? spreadWords(spread, language) : '\u00a0'}</p>
      </div>
    </section>`;
}

/** How far the threshold is: in points, and as so many of a hundred such applicants. */
function distanceWords({ probability_of_default: pd, cutoff }, { t, format }) {
  const points = format.points(Math.abs(pd - cutoff));
  return t(pd < cutoff ? 'verdict.below' : 'verdict.above', points, format.oneIn(pd));
}

function spreadWords({ lowest, highest, models, decisions }, { t, format }) {
  const range = t('verdict.spread', format.percent(lowest), format.percent(highest), models);
  const { accept, refuse } = decisions;
  if (accept === 0 || refuse === 0) return `${range} ${t('verdict.agree')}`;
  return `${range} ${t('verdict.disagree', accept, models)}`;
}

/** Why a person decides; nothing where the model does. */
function Causes({ review }) {
  const { sayIn } = useLanguage();
  if (review.length === 0) return null;
  const item = ({ cause, text }) => html`<li key=${cause}>${sayIn(text)}</li>`;
  return html`<ul class="verdict-causes">${review.map(item)}</ul>`;
}

/** One to three filled steps beside the word. */
export function Band({ band }) {
  const { wordFor } = useLanguage();
  const level = ['low', 'medium', 'high'].indexOf(band) + 1;
  return html`
    <strong class="band">
      <span class="band-steps" aria-hidden="true">
        ${[1, 2, 3].map((step) => html`<span key=${step} class=${step <= level ? 'on' : ''}></span>`)}
      </span>
      ${wordFor('band', band)}
    </strong>`;
}
