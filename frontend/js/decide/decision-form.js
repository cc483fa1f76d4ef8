/** Accept or refuse, with what the lender's rules ask of who decides so; the letter before it is final. */
import { LetterFrame } from './letter-frame.js';
import { ruleOf } from './rules.js';
import { NEW, changeDraft, draftOf, dropDraft } from '../dossier/draft.js';
import { ErrorSummary } from '../components/error-summary.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { columnOf } from '../core/contract.js';
import { LANGUAGES, useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { outdated, queries, useAction } from '../core/queries.js';
import { navigate } from '../core/router.js';
import { api } from '../core/services.js';

const OUTCOMES = ['accept', 'refuse'];

/**
 * @param {{id: string | null, about: object, score: any, application: any, offer: any, contract: any}} props
 *   id : of a stored applicant, null for one who is not in the system
 *   about : how the service is told which application it is
 *   score : what is decided on: of the offered loan, where there is an offer
 */
export function DecisionForm({ id, about, score, application, offer, contract }) {
  const { t } = useLanguage();
  const key = id ?? NEW;
  const { form } = draftOf(key).value;
  const [errors, setErrors] = useState([]);
  const [tries, setTries] = useState(0);
  const [preview, setPreview] = useState(null);
  const rule = ruleOf(
    form.decision,
    score,
    contract,
    offer?.amount ?? application[columnOf(contract.fields, 'credit')],
  );
  const body = bodyOf(form, about, offer, score, rule);
  const decide = useAction((given, intention) => api.decide(given, intention));
  const isDecided = useRef(false);
  // With the form itself: until it is gone nothing in it moves.
  useEffect(() => () => void (isDecided.current && dropDraft(key)), []);
  const change = (part) => {
    changeDraft(key, { form: { ...draftOf(key).value.form, ...part } });
    setPreview(null);
  };
  const check = () => {
    const found = mistakesOf(form, rule, t);
    setErrors(found);
    if (found.length > 0) setTries((count) => count + 1);
    return found.length === 0;
  };
  const scoreAgain = () => {
    decide.reset();
    // Whatever a model said, another one may say otherwise.
    queries.invalidateQueries();
  };
  const submit = async (event) => {
    event.preventDefault();
    if (!check()) return;
    const decision = await decide.run(body);
    if (!decision) return;
    isDecided.current = true;
    if (id) {
      // Decided, it is nobody's any more: asking again would claim it anew.
      queries.setQueryData(['claim', id], { claim: null });
      queries.removeQueries({ queryKey: ['decisions', id] });
    }
    outdated('applicants');
    queries.setQueryData(['decision', decision.decision_id], decision);
    navigate('decision', { id: decision.decision_id });
  };
  return html`
    <form class="decide" onSubmit=${submit} noValidate>
      <div class="card form">
        <h2>${t('decide.heading')}</h2>
        <${ErrorSummary} errors=${errors} tries=${tries} />
        <${Advice} score=${score} offer=${offer} onDrop=${id && (() => changeDraft(id, { offer: null }))} />
        <${Choice} chosen=${form.decision} onChoose=${(decision) => change({ decision, code: '' })} />
        ${rule.isForbidden && html`<${Notice} kind="error">${t('decide.forbidden')}<//>`}
        ${rule.isOverride && !rule.isForbidden && html`<${Override} form=${form} contract=${contract} onChange=${change} />`}
        ${rule.needsSecond && html`<${Notice} kind="info">${t('decide.second')}<//>`}
        <div class="field">
          <label for="statement">${t('decide.statement')}</label>
          <textarea id="statement" class="input" rows="3" maxlength=${contract.rules.most_statement_characters} value=${form.statement}
            aria-describedby="statement-hint" onInput=${(event) => change({ statement: event.currentTarget.value })}></textarea>
          <p class="field-hint" id="statement-hint">${t('decide.statementHint')}</p>
        </div>
        ${decide.error && html`<${DecideFailed} error=${decide.error} onScoreAgain=${scoreAgain} />`}
        <div class="form-actions">
          <button class="button primary" disabled=${decide.busy || rule.isForbidden}>${t(decide.busy ? 'decide.deciding' : `decide.submit.${rule.needsSecond ? 'second' : 'final'}`)}</button>
        </div>
      </div>
      <${Preview} body=${body} isReady=${form.decision !== '' && !rule.isForbidden} onAsk=${check} shown=${preview} onShow=${setPreview} />
    </form>`;
}

function mistakesOf(form, rule, t) {
  const found = [];
  if (form.decision === '')
    found.push({ id: 'decision-accept', label: t('decide.what'), message: t('form.required') });
  if (rule.isOverride && form.code === '')
    found.push({ id: 'override-code', label: t('decide.code'), message: t('form.required') });
  if (rule.isOverride && form.reason.trim() === '')
    found.push({ id: 'override-reason', label: t('decide.reason'), message: t('form.required') });
  return found;
}

function bodyOf(form, about, offer, score, rule) {
  return {
    ...about,
    decision: form.decision,
    model_version: score.model.version,
    ...(rule.isOverride && { override_code: form.code, override_reason: form.reason.trim() }),
    ...(form.statement.trim() && { statement: form.statement.trim() }),
    ...(offer && { offer: { amount: offer.amount, annuity: offer.annuity } }),
  };
}

function Advice({ score, offer, onDrop }) {
  const { t, format } = useLanguage();
  const words = score.decision === 'review' ? 'decide.adviceReview' : 'decide.advice';
  return html`
    <p class="advice">
      <span class=${`chip ${score.decision}`}><${Icon} name=${score.decision} />${t(`verdict.${score.decision}`)}</span>
      ${t(words, format.percent(score.probability_of_default), format.percent(score.cutoff))}
    </p>
    ${
      offer &&
      html`
      <p class="advice">
        ${t('decide.offer', format.money(offer.amount), offer.duration, format.money(offer.annuity))}
        ${onDrop && html`<button type="button" class="link-button" onClick=${onDrop}>${t('offer.drop')}</button>`}
      </p>`
    }`;
}

function Choice({ chosen, onChoose }) {
  const { t } = useLanguage();
  return html`
    <fieldset class="outcomes">
      <legend>${t('decide.what')}</legend>
      ${OUTCOMES.map(
        (outcome) => html`
        <label key=${outcome} class=${`outcome ${outcome}`}>
          <input type="radio" name="decision" id=${`decision-${outcome}`} value=${outcome} checked=${chosen === outcome} onChange=${() => onChoose(outcome)} />
          <${Icon} name=${outcome} />${t(`decide.${outcome}`)}
        </label>`,
      )}
    </fieldset>`;
}

function Override({ form, contract, onChange }) {
  const { t, lang } = useLanguage();
  const reasons = contract.rules.reasons.filter(
    ({ decides }) => decides === 'both' || decides === form.decision,
  );
  return html`
    <${Notice} kind="info">${t('decide.override')}<//>
    <div class="field">
      <label for="override-code">${t('decide.code')}</label>
      <select id="override-code" class="input" value=${form.code} onChange=${(event) => onChange({ code: event.currentTarget.value })}>
        <option value="">${t('form.choose')}</option>
        ${reasons.map(({ code, label }) => html`<option key=${code} value=${code}>${label[lang]}</option>`)}
      </select>
    </div>
    <div class="field">
      <label for="override-reason">${t('decide.reason')}</label>
      <textarea id="override-reason" class="input" rows="3" maxlength=${contract.rules.most_reason_characters} value=${form.reason}
        aria-describedby="override-hint" onInput=${(event) => onChange({ reason: event.currentTarget.value })}></textarea>
      <p class="field-hint" id="override-hint">${t(form.decision === 'refuse' ? 'decide.reasonTold' : 'decide.reasonKept')}</p>
    </div>`;
}

/** What a conflict means here, in words; anything else as it is told everywhere. */
function DecideFailed({ error, onScoreAgain }) {
  const { t } = useLanguage();
  const known = {
    'Model changed': 'decide.modelChanged',
    Claimed: 'decide.claimed',
    'Contradictory data': 'decide.forbidden',
    'Reason does not fit': 'decide.otherReason',
  }[error.title];
  if (!known) return html`<${Failure} error=${error} />`;
  return html`
    <${Notice} kind="error">
      ${t(known)}
      ${error.title === 'Model changed' && html` <button type="button" class="link-button" onClick=${onScoreAgain}>${t('decide.scoreAgain')}</button>`}
    <//>`;
}

/** The letter in either language, before anything is final. */
function Preview({ body, isReady, onAsk, shown, onShow }) {
  const { t, lang } = useLanguage();
  const ask = useAction(({ language }) => api.previewLetter(body, language));
  const show = async (language) => {
    if (!onAsk()) return;
    const text = await ask.run({ language, body });
    if (text) onShow({ text, language, of: JSON.stringify(body) });
  };
  // The letter of another loan, or by another model, is no preview of this decision.
  const letter = shown?.of === JSON.stringify(body) ? shown : null;
  return html`
    <section class="card letter-preview" aria-labelledby="preview-title">
      <h2 id="preview-title">${t('letter.preview')}</h2>
      <p class="card-help">${t(isReady ? 'letter.previewHelp' : 'letter.previewFirst')}</p>
      <div class="form-actions">
        ${LANGUAGES.map(
          (language) => html`
          <button key=${language} type="button" class="button" disabled=${!isReady || ask.busy} aria-pressed=${String(letter?.language === language)} onClick=${() => show(language)}>
            ${t(`letter.in.${language}`)}
          </button>`,
        )}
      </div>
      ${ask.error && html`<${Failure} error=${ask.error} onRetry=${() => show(lang)} />`}
      ${letter && html`<${LetterFrame} text=${letter.text} name=${`letter-draft-${letter.language}.html`} />`}
    </section>`;
}
