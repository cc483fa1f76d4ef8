/** Score somebody who is not in the system: optional fields folded by family; nothing is kept unless it is decided. */
import { DecisionForm } from '../decide/decision-form.js';
import { NEW, changeDraft, draftOf, dropDraft } from '../dossier/draft.js';
import { Reasons } from '../dossier/reasons.js';
import { Verdict } from '../dossier/verdict.js';
import { Why } from '../dossier/why.js';
import { ContractField, mistakeText } from '../components/contract-field.js';
import { ErrorSummary } from '../components/error-summary.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { announce } from '../core/announcer.js';
import { kindOf, readTyped } from '../core/contract.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { useAction } from '../core/queries.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';
import { useTyped } from '../core/use-typed.js';
import { branches, roles } from '../session/session.js';

export function Manual() {
  const { t } = useLanguage();
  const contract = useContract();
  return html`
    <div class="page">
      <${PageTitle}>${t('manual.title')}<//>
      <p class="lead">${t('manual.lead')}</p>
      ${contract.state === 'failed' && html`<${Failure} error=${contract.error} onRetry=${contract.reload} />`}
      ${contract.state === 'loading' && html`<${Skeleton} shapes=${['line', 'half', 'half']} />`}
      ${contract.state === 'ready' && html`<${Entry} contract=${contract} />`}
    </div>`;
}

function Entry({ contract }) {
  const language = useLanguage();
  const { t, lang } = language;
  const [typed, setTyped] = useTyped(() => ({}), contract.fields, entryOf(lang));
  const [mistakes, setMistakes] = useState({});
  const [tries, setTries] = useState(0);
  const result = useRef(null);
  const round = useRef(0);
  const score = useAction((application) => api.predict(application));
  const fields = [...contract.fields.values()];
  const { scored } = draftOf(NEW).value;
  const wasScored = useRef(scored);
  const read = (field) => readTyped(field, typed[field.name], { lang });
  const leave = (field) => {
    const { mistake } = read(field);
    // What is only empty is said when the form is sent.
    setMistakes((last) => ({
      ...last,
      [field.name]: (typed[field.name] ?? '') === '' ? undefined : mistake,
    }));
  };
  const submit = async (event) => {
    event.preventDefault();
    const readings = fields.map((field) => [field.name, read(field)]);
    const found = Object.fromEntries(
      readings.filter(([, { mistake }]) => mistake).map(([name, { mistake }]) => [name, mistake]),
    );
    setMistakes(found);
    if (Object.keys(found).length > 0) {
      setTries(tries + 1);
      return;
    }
    const application = applicationOf(readings);
    const asked = round.current;
    const answer = await score.run(application);
    // What was cleared while the service worked stays cleared.
    if (answer && asked === round.current) keepScored({ answer, application });
  };
  const clear = () => {
    round.current += 1;
    dropDraft(NEW);
    setMistakes({});
    setTries(0);
  };
  useEffect(() => {
    // What was scored before one looked elsewhere is only found again.
    if (!scored || scored === wasScored.current) return;
    announce(t('manual.done'));
    result.current.scrollIntoView({ block: 'start' });
  }, [scored]);
  const errors = fields
    .filter(({ name }) => mistakes[name])
    .map((field) => ({
      id: `manual-${field.name}`,
      label: labelOf(field, lang),
      message: mistakeText(language, mistakes[field.name]),
    }));
  const given = {
    typed,
    mistakes,
    onType: (name, value) => setTyped((last) => ({ ...last, [name]: value })),
    onLeave: leave,
  };
  return html`
    <form class="card form manual" onSubmit=${submit} noValidate>
      <${ErrorSummary} errors=${errors} tries=${tries} />
      <h2>${t('manual.needed')}</h2>
      <${Fields} fields=${first(fields)} ...${given} />
      <h2>${t('manual.optional')}</h2>
      <p class="card-help">${t('manual.optionalHelp')}</p>
      <${Optional} fields=${fields.filter((field) => !first(fields).includes(field))} ...${given} />
      ${score.error && html`<${Failure} error=${score.error} />`}
      <div class="form-actions">
        <button class="button primary" disabled=${score.busy}>${t(score.busy ? 'manual.scoring' : 'manual.score')}</button>
        <button type="button" class="button" onClick=${clear}>${t('manual.clear')}</button>
      </div>
    </form>
    <div ref=${result}>${scored && html`<${Result} key=${scored.answer.applicant_id} ...${scored} isOld=${isOther(applicationOf(fields.map((field) => [field.name, read(field)])), scored.application)} contract=${contract} />`}</div>`;
}

/** What was typed, in the draft: a look elsewhere loses nothing of it. */
function entryOf(lang) {
  return {
    get value() {
      return draftOf(NEW).value.entry ?? { lang, typed: {} };
    },
    set value(entry) {
      changeDraft(NEW, { entry });
    },
  };
}

/** Words about one person are no words about another. */
function keepScored(scored) {
  const last = draftOf(NEW).value.scored;
  const isSomebodyElse = last && last.answer.applicant_id !== scored.answer.applicant_id;
  if (isSomebodyElse) {
    const { entry } = draftOf(NEW).value;
    dropDraft(NEW);
    changeDraft(NEW, { entry });
  }
  changeDraft(NEW, { scored });
}

function applicationOf(readings) {
  return Object.fromEntries(
    readings.filter(([, { value }]) => value !== undefined).map(([name, { value }]) => [name, value]),
  );
}

/** Whether what stands in the form now is not what was scored. */
function isOther(now, application) {
  return JSON.stringify(now) !== JSON.stringify(application);
}

/** What is needed, and what the model leans on most: loan, income, birth, external scores. */
const ROLES = ['id', 'credit', 'annuity', 'goods_price', 'income', 'income_type', 'birth', 'external_score'];

function first(fields) {
  return fields
    .filter((field) => field.required || ROLES.includes(field.role))
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

function Fields({ fields, typed, mistakes, onType, onLeave }) {
  return html`
    <div class="lever-fields">
      ${fields.map(
        (field) => html`
        <${ContractField} key=${field.name} id=${`manual-${field.name}`} field=${field} typed=${typed[field.name] ?? ''} mistake=${mistakes[field.name]}
          onType=${(value) => onType(field.name, value)} onLeave=${kindOf(field) === 'choice' ? undefined : () => onLeave(field)} />`,
      )}
    </div>`;
}

function Optional({ fields, ...given }) {
  const { t, wordFor } = useLanguage();
  const families = Map.groupBy(fields, ({ family }) => family);
  return [...families].map(([family, members]) => {
    const count = members.filter(({ name }) => (given.typed[name] ?? '') !== '').length;
    return html`
      <details key=${family} class="family">
        <summary><${Icon} name="chevron" /><span>${wordFor('family', family)}</span><span class="family-count">${t('manual.filled', count, members.length)}</span></summary>
        <${Fields} fields=${members} ...${given} />
      </details>`;
  });
}

function Result({ answer, application, isOld, contract }) {
  const { t } = useLanguage();
  const [isDeciding, setDeciding] = useState(false);
  const [branch, setBranch] = useState(branches.value?.[0] ?? '');
  return html`
    ${isOld && html`<${Notice} kind="info">${t('manual.old')}<//>`}
    <div class="dossier manual-result">
      <${Verdict} score=${answer} />
      <${Reasons} id=${answer.applicant_id} score=${answer} />
      <${Why} score=${answer} />
      ${
        roles.value.includes('advisor') &&
        !isDeciding &&
        !isOld &&
        html`
        <section class="card form">
          <h2>${t('manual.decide')}</h2>
          <p class="card-help">${t('manual.decideHelp')}</p>
          <div class="field">
            <label for="manual-branch">${t('manual.branch')}</label>
            <input id="manual-branch" class="input" value=${branch} onInput=${(event) => setBranch(event.currentTarget.value.trim())} />
          </div>
          <div class="form-actions"><button type="button" class="button" disabled=${branch === ''} onClick=${() => setDeciding(true)}>${t('manual.decideNow')}</button></div>
        </section>`
      }
    </div>
    ${isDeciding && !isOld && html`<${DecisionForm} id=${null} about=${{ application, branch }} score=${answer} application=${application} offer=${null} contract=${contract} />`}`;
}
