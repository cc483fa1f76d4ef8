/** No loan passes, which is the normal case of a refusal: how far away it is, what was tried, what remains. */
import { Icon } from '../components/icon.js';
import { hrefFor } from '../core/addresses.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { inSentence } from '../core/typography.js';

const MOST = 4;

/**
 * What a file without a loan that passes still has: other changes, and what is not known of it.
 *
 * @param {string} id @param {import('../dossier/use-subject.js').Subject} subject
 * @param {boolean} isWanted
 */
export function useWhatRemains(id, subject, isWanted) {
  const { score, about, isCorrected } = subject;
  // What is not known is told of the stored file: with corrections its figures would stand beside others.
  const isTold = isWanted && !isCorrected && score.probability_of_default >= score.cutoff;
  const found = useQuery(['counterfactuals', about], (signal) => api.counterfactuals(about, signal), {
    enabled: isWanted,
    fresh: 60_000,
  });
  const unknown = useQuery(['unknown', id], (signal) => api.unknown(id, signal), { enabled: isTold });
  const isLooking = (isWanted && found.state === 'loading') || (isTold && unknown.state === 'loading');
  return { found: found.value, unknown: isTold ? unknown.value : undefined, isLooking };
}

/** @param {{id: string, subject: import('../dossier/use-subject.js').Subject, found: any, unknown: any}} props */
export function NothingPasses({ id, subject, found, unknown }) {
  const { t, sayIn, lang, format } = useLanguage();
  const { score } = subject;
  const isReview = score.decision === 'review';
  const isAbove = score.probability_of_default >= score.cutoff;
  const helps = (unknown?.items ?? []).filter(
    ({ unit, best }) => unit !== 'normalised' && best.probability_of_default < score.probability_of_default,
  );
  const turns = helps.filter(({ best }) => best.decision === 'accept');
  const names = (turns.length > 0 ? turns : helps)
    .slice(0, MOST)
    .map((item) => inSentence(labelOf(item, lang)))
    .join(', ');
  const way = found?.items[0];
  const risks = [score.probability_of_default, score.cutoff].map(format.percent);
  const missing = format.points(score.probability_of_default - score.cutoff);
  const distance = isAbove ? t('nothing.distance', ...risks, missing) : t('nothing.under', ...risks);
  return html`
    <section class="card nothing-passes" aria-labelledby="nothing-title">
      <h2 id="nothing-title">${t(isReview ? 'nothing.headingReview' : 'nothing.heading')}</h2>
      <p class="nothing-distance">${distance}</p>
      ${isReview && html`<ul class="verdict-causes">${(score.review ?? []).map(({ cause, text }) => html`<li key=${cause}>${sayIn(text)}</li>`)}</ul>`}
      <div class="nothing-columns">
        <div>
          <h3>${t('nothing.tried')}</h3>
          <ul class="plain-list">
            <li><${Icon} name="refuse" />${t('nothing.loans')}</li>
            ${found && !way && html`<li><${Icon} name="refuse" />${t('nothing.levers', found.tried)}</li>`}
            ${way && html`<li><${Icon} name="accept" />${t('nothing.way')} <a href=${hrefFor('simulate', { id })}>${t('part.simulate')}</a></li>`}
          </ul>
        </div>
        <div>
          <h3>${t('nothing.remains')}</h3>
          <ul class="plain-list">
            ${
              helps.length > 0 &&
              html`
              <li>
                <${Icon} name="file" /><span>${t(turns.length > 0 ? 'nothing.missingTurns' : 'nothing.missing', names)} <a href=${hrefFor('unknown', { id })}>${t('part.unknown')}</a></span>
              </li>`
            }
            <li><${Icon} name="person" />${t('nothing.others')}</li>
            <li><${Icon} name="check" />${t('nothing.wrong')}</li>
            <li><${Icon} name="review" />${t('nothing.later')}</li>
          </ul>
        </div>
      </div>
      <p class="form-actions"><a class="button primary" href=${hrefFor('decide', { id })}>${t('nothing.decide')}</a></p>
    </section>`;
}
