/** The worded reasons of the API, each way, in points; under each: correct it, change it, explain it. */
import { CorrectionDialog } from './correction.js';
import { Icon } from '../components/icon.js';
import { hrefFor } from '../core/addresses.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { viewOf, mayShow } from '../core/views.js';
import { roles } from '../session/session.js';

export function Reasons({ id, score, profile }) {
  const { t } = useLanguage();
  const { raises, lowers } = score.reasons;
  const heaviest = Math.max(
    ...[...raises, ...lowers].map((reason) => Math.abs(reason.probability_points)),
    0.001,
  );
  const sides = score.decision === 'accept' ? ['lowers', 'raises'] : ['raises', 'lowers'];
  return html`
    <section class="reasons" aria-labelledby="reasons-title">
      <h2 id="reasons-title" class="visually-hidden">${t('reasons.heading')}</h2>
      ${sides.map(
        (way) => html`
        <${Side} key=${way} way=${way} reasons=${score.reasons[way]} heaviest=${heaviest} id=${id} score=${score} profile=${profile} />`,
      )}
    </section>`;
}

function Side({ way, reasons, ...given }) {
  const { t } = useLanguage();
  return html`
    <div class=${`card side ${way}`}>
      <h3 class="side-title">
        <span class="side-sign"><${Icon} name=${way === 'raises' ? 'up' : 'down'} /></span>
        ${t(`reasons.${way}`)}
      </h3>
      ${
        reasons.length === 0
          ? html`<p class="side-empty">${t(way === 'raises' ? 'reasons.noRaises' : 'reasons.noLowers')}</p>`
          : html`<ol class="reason-list">${reasons.map((reason) => html`<${Reason} key=${reason.code} reason=${reason} ...${given} />`)}</ol>`
      }
    </div>`;
}

function Reason({ reason, heaviest, id, score, profile }) {
  const { t, wordFor, sayIn, format } = useLanguage();
  const [isCorrecting, setCorrecting] = useState(false);
  const share = `${Math.round((Math.abs(reason.probability_points) / heaviest) * 100)}%`;
  return html`
    <li class="reason">
      <p class="reason-text">${sayIn(reason.text)}</p>
      <p class="reason-meta">
        <span>${wordFor('family', reason.family)}</span>
        <span class="reason-bar" aria-hidden="true"><span style=${{ width: share }}></span></span>
        <span class="number">${t('reasons.points', format.signedPoints(reason.probability_points))}</span>
      </p>
      <div class="reason-actions no-print">
        <${Explanation} reason=${reason} score=${score} />
        ${
          profile &&
          mayShow(viewOf('simulate'), roles.value) &&
          html`
          <button type="button" class="link-button" onClick=${() => setCorrecting(true)}>${t('reasons.wrong')}</button>
          <a class="link-button" href=${hrefFor('simulate', { id }, { about: reason.family })}>${t('reasons.change')}</a>`
        }
      </div>
      ${isCorrecting && html`<${CorrectionDialog} id=${id} profile=${profile} reason=${reason} onClose=${() => setCorrecting(false)} />`}
    </li>`;
}

/** The words for the applicant, and the values that weigh most in this family. */
function Explanation({ reason, score }) {
  const { t, sayIn, lang, format } = useLanguage();
  const own = score.contributions.filter(({ family }) => family === reason.family).slice(0, 5);
  return html`
    <details class="explain">
      <summary class="link-button">${t('reasons.explain')}</summary>
      <blockquote class="explain-words">${sayIn(reason.texts.applicant)}</blockquote>
      <dl class="pairs">
        ${own.map(
          (item) => html`
          <div key=${item.feature} class="pair">
            <dt>${labelOf(item, lang)} <span class="pair-value">${format.value(item.value, item)}</span></dt>
            <dd class="number">${format.signedPoints(item.probability_points)}</dd>
          </div>`,
        )}
      </dl>
    </details>`;
}
