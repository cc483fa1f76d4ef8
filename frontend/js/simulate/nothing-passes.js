/** No loan passes, which is the normal case of a refusal: how far away it is, what was tried, what remains. */
import { Icon } from '../components/icon.js';
import { hrefFor } from '../core/addresses.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const MOST = 4;

/** @param {{id: string, subject: import('../dossier/use-subject.js').Subject}} props */
export function NothingPasses({ id, subject }) {
  const { t, lang, format } = useLanguage();
  const { score } = subject;
  const found = useQuery(
    ['counterfactuals', subject.about],
    (signal) => api.counterfactuals(subject.about, signal),
    { fresh: 60_000 },
  );
  const unknown = useQuery(['unknown', id], (signal) => api.unknown(id, signal));
  const helps = (unknown.value?.items ?? []).filter(
    ({ unit, best }) => unit !== 'normalised' && best.probability_of_default < score.probability_of_default,
  );
  const turns = helps.filter(({ best }) => best.decision === 'accept');
  const names = (turns.length > 0 ? turns : helps)
    .slice(0, MOST)
    .map((item) => labelOf(item, lang))
    .join(', ');
  const way = found.value?.items[0];
  return html`
    <section class="card nothing-passes" aria-labelledby="nothing-title">
      <h2 id="nothing-title">${t('nothing.heading')}</h2>
      <p class="nothing-distance">${t('nothing.distance', format.percent(score.probability_of_default), format.percent(score.cutoff), format.points(score.probability_of_default - score.cutoff))}</p>
      <div class="nothing-columns">
        <div>
          <h3>${t('nothing.tried')}</h3>
          <ul class="plain-list">
            <li><${Icon} name="refuse" />${t('nothing.loans')}</li>
            ${found.value && !way && html`<li><${Icon} name="refuse" />${t('nothing.levers', found.value.tried)}</li>`}
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
