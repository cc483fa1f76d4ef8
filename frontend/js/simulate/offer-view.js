/** Other amounts and durations of the same loan: which the model accepts, which one to offer. */
import { OfferMap } from './offer-map.js';
import { Counterfactuals } from './counterfactuals.js';
import { NothingPasses, useWhatRemains } from './nothing-passes.js';
import { changeDraft, draftOf } from '../dossier/draft.js';
import { DossierFrame } from '../dossier/dossier-frame.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { Skeleton } from '../components/skeleton.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { navigate } from '../core/router.js';
import { api } from '../core/services.js';

export function Offer({ id }) {
  return html`
    <${DossierFrame} id=${id} shapes=${['verdict-bone', 'wide-bone']}>${(subject) => html`<${Ready} id=${id} subject=${subject} />`}<//>`;
}

function Ready({ id, subject }) {
  const offers = useQuery(['offers', subject.about], (signal) => api.counterOffer(subject.about, signal), {
    fresh: 60_000,
  });
  if (offers.state === 'failed') return html`<${Failed} offers=${offers} />`;
  if (offers.state === 'loading') return html`<${Skeleton} shapes=${['verdict-bone', 'wide-bone']} />`;
  return html`<${Found} id=${id} subject=${subject} found=${offers.value} />`;
}

function Found({ id, subject, found }) {
  const { t } = useLanguage();
  const passes = found.largest !== null;
  // Asked for before anything is drawn: what comes late would push the map down.
  const remains = useWhatRemains(id, subject, !passes);
  if (remains.isLooking) return html`<${Skeleton} shapes=${['verdict-bone', 'wide-bone']} />`;
  return html`
    <div class="offers">
      ${subject.score.decision === 'accept' && html`<${Notice} kind="info">${t('offer.acceptedAlready')}<//>`}
      ${passes ? html`<${Proposals} id=${id} found=${found} />` : html`<${NothingPasses} id=${id} subject=${subject} ...${remains} />`}
      <${OfferMap} found=${found} chosen=${draftOf(id).value.offer} onChoose=${(offer) => choose(id, offer)} />
      ${passes && html`<${Counterfactuals} subject=${subject} onTake=${(applied) => tryOut(id, applied)} />`}
    </div>`;
}

function choose(id, offer) {
  changeDraft(id, { offer });
}

/** What is to be tried waits where it is tried. */
function tryOut(id, changes) {
  changeDraft(id, { changes });
  navigate('simulate', { id });
}

function Failed({ offers }) {
  const { t } = useLanguage();
  if (offers.error.status === 409 || offers.error.status === 422)
    return html`<${Notice} kind="info">${t('offer.noTerms')}<//>`;
  return html`<${Failure} error=${offers.error} onRetry=${offers.reload} />`;
}

/** The largest loan, and those nearest to the request. */
function Proposals({ id, found }) {
  const { t } = useLanguage();
  const chosen = draftOf(id).value.offer;
  const seen = new Set();
  const loans = [found.largest, ...found.nearest].filter((loan) => {
    const key = `${loan.amount}/${loan.duration}`;
    return !seen.has(key) && seen.add(key);
  });
  return html`
    <section class="card" aria-labelledby="proposals-title">
      <h2 id="proposals-title">${t('offer.heading')}</h2>
      <p class="card-help">${t(found.requested.assumes ? 'offer.helpAssumed' : 'offer.help')}</p>
      <ul class="proposals">
        ${loans.slice(0, 4).map((loan, index) => html`<${Proposal} key=${`${loan.amount}/${loan.duration}`} loan=${loan} isLargest=${index === 0} isChosen=${isSame(loan, chosen)} onChoose=${() => choose(id, offerOf(loan))} />`)}
      </ul>
      ${
        chosen &&
        html`<p class="form-actions"><a class="button primary" href=${hrefFor('decide', { id })}>${t('offer.decide')}</a>
        <button type="button" class="button" onClick=${() => choose(id, null)}>${t('offer.drop')}</button></p>`
      }
    </section>`;
}

function Proposal({ loan, isLargest, isChosen, onChoose }) {
  const { t, format } = useLanguage();
  return html`
    <li class=${`proposal ${isChosen ? 'chosen' : ''}`}>
      <p class="overline">${t(isLargest ? 'offer.largest' : 'offer.nearest')}</p>
      <p class="proposal-amount number">${format.money(loan.amount)}</p>
      <p>${t('offer.terms', loan.duration, format.money(loan.annuity))}</p>
      <p class="chip accept"><${Icon} name="accept" />${t('offer.risk', format.percent(loan.probability_of_default))}</p>
      <button type="button" class="button" aria-pressed=${String(isChosen)} onClick=${onChoose}>${t(isChosen ? 'offer.chosen' : 'offer.choose')}</button>
    </li>`;
}

/** @returns {import('../dossier/draft.js').Offer} */
export function offerOf(loan) {
  return {
    amount: loan.amount,
    annuity: loan.annuity,
    duration: loan.duration,
    pd: loan.probability_of_default,
  };
}

export function isSame(loan, offer) {
  return offer !== null && loan.amount === offer.amount && loan.duration === offer.duration;
}
