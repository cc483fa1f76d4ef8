/** A decision as it was taken: who, why, what was known; confirmed, computed anew, told in a letter. */
import { LetterFrame } from './letter-frame.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { announce } from '../core/announcer.js';
import { hrefFor } from '../core/addresses.js';
import { LANGUAGES, useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { outdated, queries, useAction, useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';
import { roles, username } from '../session/session.js';

export function Decision({ id }) {
  const { t } = useLanguage();
  const { state, value, error, reload } = useQuery(['decision', id], (signal) => api.decision(id, signal));
  return html`
    <div class="page">
      <div class="page-head">
        <nav class="crumbs" aria-label=${t('app.crumbs')}>
          <a href=${hrefFor('applicants')}>${t('nav.applicants')}</a>
          ${value?.applicant_id && html` <a href=${hrefFor('applicant', { id: value.applicant_id })}>${t('dossier.title', value.applicant_id)}</a>`}
        </nav>
        <${PageTitle}>${t('decision.title')}<//>
      </div>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'loading' && html`<${Skeleton} shapes=${['half', 'half']} />`}
      ${value && html`<${Ready} decision=${value} />`}
    </div>`;
}

function Ready({ decision }) {
  const isWaiting = decision.needs_confirmation && !decision.confirmation;
  const isDeclined = decision.confirmation?.agrees === false;
  return html`
    <div class="decision">
      <${Outcome} decision=${decision} isWaiting=${isWaiting} />
      ${isWaiting && html`<${Confirmation} decision=${decision} />`}
      ${!isWaiting && !isDeclined && html`<${Letter} decision=${decision} />`}
      <${Trail} decision=${decision} />
    </div>`;
}

function Outcome({ decision, isWaiting }) {
  const { t, lang, format } = useLanguage();
  const { rules } = useContract();
  const code = rules?.reasons.find((reason) => reason.code === decision.override_code)?.label[lang];
  const { score, offer, confirmation } = decision;
  const facts = [
    ['decision.by', t('decision.byWhen', decision.decided_by, format.dateTime(decision.created_at))],
    [
      'decision.model',
      t(
        'decision.modelSaid',
        t(`verdict.${score.decision}`),
        format.percent(score.probability_of_default),
        format.percent(score.cutoff),
      ),
    ],
    offer && [
      'decision.offer',
      t('decision.offerTerms', format.money(offer.amount), format.money(offer.annuity)),
    ],
    decision.override_reason && ['decide.code', [code, decision.override_reason].filter(Boolean).join(' – ')],
    decision.statement && ['decide.statement', decision.statement],
    confirmation && [
      'decision.second',
      t(
        confirmation.agrees ? 'decision.agreed' : 'decision.declined',
        confirmation.confirmed_by,
        format.dateTime(confirmation.created_at),
      ),
    ],
    confirmation?.note && ['decision.note', confirmation.note],
  ].filter(Boolean);
  return html`
    <section class=${`card outcome-card ${decision.decision}`}>
      <p class="verdict-decision"><span class="verdict-sign"><${Icon} name=${decision.decision} /></span>${t(`decision.${decision.decision}`)}</p>
      ${isWaiting && html`<${Notice} kind="info">${t('decision.waiting')}<//>`}
      <dl class="pairs">${facts.map(([key, text]) => html`<div key=${key} class="pair"><dt>${t(key)}</dt><dd>${text}</dd></div>`)}</dl>
    </section>`;
}

/** The second person's answer; whoever took the decision waits for somebody else. */
function Confirmation({ decision }) {
  const { t } = useLanguage();
  const [note, setNote] = useState('');
  const answer = useAction((body) => api.confirmDecision(decision.decision_id, body));
  if (!roles.value.includes('advisor')) return null;
  if (decision.decided_by === username.value) return html`<${Notice} kind="info">${t('decision.yours')}<//>`;
  const say = async (agrees) => {
    const changed = await answer.run({ agrees, note });
    if (!changed) return;
    queries.setQueryData(['decision', decision.decision_id], changed);
    outdated('applicants', 'decisions');
    announce(t('decision.answered'));
  };
  return html`
    <section class="card form" aria-labelledby="confirm-title">
      <h2 id="confirm-title">${t('decision.confirmTitle')}</h2>
      <p class="card-help">${t('decision.confirmHelp')}</p>
      <div class="field">
        <label for="confirm-note">${t('decision.note')}</label>
        <textarea id="confirm-note" class="input" rows="2" maxlength="1000" value=${note} onInput=${(event) => setNote(event.currentTarget.value)}></textarea>
      </div>
      ${answer.error && html`<${Failure} error=${answer.error} words=${{ 'Already answered': 'decision.faster' }} />`}
      <div class="form-actions">
        <button type="button" class="button primary" disabled=${answer.busy} onClick=${() => say(true)}>${t('decision.agree')}</button>
        <button type="button" class="button" disabled=${answer.busy} onClick=${() => say(false)}>${t('decision.decline')}</button>
      </div>
    </section>`;
}

function Letter({ decision }) {
  const { t, lang } = useLanguage();
  const [language, setLanguage] = useState(/** @type {string} */ (lang));
  const mayRead = roles.value.some((role) => role === 'advisor' || role === 'back-office');
  const { state, value, error, reload } = useQuery(
    ['letter', decision.decision_id, language],
    (signal) => api.letter(decision.decision_id, language, signal),
    { enabled: mayRead, keep: true, fresh: Infinity },
  );
  if (!mayRead) return null;
  return html`
    <section class="card letter-final" aria-labelledby="letter-title">
      <div class="card-head">
        <h2 id="letter-title">${t('letter.title')}</h2>
        <div class="segments no-print" role="group" aria-label=${t('letter.language')}>
          ${LANGUAGES.map((each) => html`<button key=${each} type="button" class="segment" aria-pressed=${String(each === language)} onClick=${() => setLanguage(each)}>${t(`letter.in.${each}`)}</button>`)}
        </div>
      </div>
      ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${value && html`<${LetterFrame} text=${value} name=${`letter-${decision.decision_id.slice(0, 8)}-${language}.html`} />`}
    </section>`;
}

/** What proves the decision: hashes, the model, and the same computation once more. */
function Trail({ decision }) {
  const { t } = useLanguage();
  const replay = useAction(() => api.replay(decision.decision_id));
  const [found, setFound] = useState(null);
  const run = async () => setFound((await replay.run()) ?? null);
  return html`
    <section class="card no-print" aria-labelledby="trail-title">
      <h2 id="trail-title">${t('trail.heading')}</h2>
      <dl class="pairs">
        <div class="pair"><dt>${t('trail.id')}</dt><dd><code class="hash">${decision.decision_id}</code></dd></div>
        <div class="pair"><dt>${t('trail.model')}</dt><dd><code>${decision.model.version}</code></dd></div>
        <div class="pair"><dt>${t('trail.hash')}</dt><dd><code class="hash">${decision.sha256}</code></dd></div>
      </dl>
      <p class="form-actions"><button type="button" class="button" disabled=${replay.busy} onClick=${run}>${t('trail.replay')}</button></p>
      ${replay.error && html`<${Failure} error=${replay.error} onRetry=${run} />`}
      ${found && html`<p role="status" class=${`chip ${found.identical ? 'accept' : 'refuse'}`}><${Icon} name=${found.identical ? 'check' : 'alert'} />${t(found.identical ? 'trail.identical' : 'trail.different', found.differences.length)}</p>`}
    </section>`;
}
