/** What the applicant may see: their words, larger, and no internal figure. Prints as it is seen. */
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { labelOf } from '../core/format.js';
import { useContract } from '../core/use-contract.js';
import { Icon } from '../components/icon.js';

/** As many as a letter names. */
const MOST = 4;

export function FaceToFace({ id, score }) {
  const { t, sayIn, lang } = useLanguage();
  const { fields } = useContract();
  const unknown = useQuery(['unknown', id], (signal) => api.unknown(id, signal));
  const told = (reasons) =>
    reasons.filter(({ known, protected: grounds }) => known && grounds.length === 0).slice(0, MOST);
  // Whoever listens beside the applicant hears no figure of before either.
  useEffect(() => announce(''), []);
  const against = told(score.reasons.raises);
  const inFavour = told(score.reasons.lowers);
  // What others measured or decided nobody can bring.
  const canBring = ({ feature, unit }) => unit !== 'normalised' && fields.get(feature)?.kind !== 'outside';
  const missing = (unknown.value?.items ?? []).filter(canBring).slice(0, MOST);
  const words = (reason) => html`<li key=${reason.code}>${sayIn(reason.texts.applicant)}</li>`;
  return html`
    <div class="facing">
      <section class=${`facing-verdict ${score.decision}`}>
        <span class="verdict-sign"><${Icon} name=${score.decision} /></span>
        <p>${t(`facing.${score.decision}`)}</p>
      </section>
      ${against.length > 0 && score.decision !== 'accept' && html`<section><h2>${t('facing.against')}</h2><ul class="facing-list">${against.map(words)}</ul></section>`}
      ${inFavour.length > 0 && html`<section><h2>${t('facing.favour')}</h2><ul class="facing-list">${inFavour.map(words)}</ul></section>`}
      ${
        missing.length > 0 &&
        score.decision !== 'accept' &&
        html`
        <section>
          <h2>${t('facing.missing')}</h2>
          <ul class="facing-list">${missing.map((item) => html`<li key=${item.feature}>${labelOf(item, lang)}</li>`)}</ul>
        </section>`
      }
      <section><h2>${t('facing.rightsTitle')}</h2><p>${t('facing.rights')}</p></section>
    </div>`;
}
