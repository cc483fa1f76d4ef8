/** A value is wrong: correct it, see what that changes, and which proof it takes. */
import { changeDraft, draftOf } from './draft.js';
import { proofOf } from './proof.js';
import { ContractField } from '../components/contract-field.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { readTyped, typedOf } from '../core/contract.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { useContract } from '../core/use-contract.js';

/** Of a family so many fields: those that the reason names, then those that have a value. */
const MOST_FIELDS = 8;

/**
 * @param {{id: string, profile: any, reason: {family: string, features: string[]}, onClose: () => void}} props
 */
export function CorrectionDialog({ id, profile, reason, onClose }) {
  const { t } = useLanguage();
  const dialog = useRef(null);
  const contract = useContract();
  useEffect(() => dialog.current.showModal(), []);
  return html`
    <dialog class="layer" ref=${dialog} aria-labelledby="correct-title" onClose=${onClose}>
      <h2 id="correct-title">${t('correct.title')}</h2>
      <p class="card-help">${t('correct.help')}</p>
      ${contract.state === 'ready' && html`<${CorrectionForm} id=${id} profile=${profile} reason=${reason} fields=${contract.fields} onDone=${() => dialog.current.close()} />`}
    </dialog>`;
}

/** Columns of the form that a reason is about. */
export function fieldsOf(reason, fields, application) {
  const family = [...fields.values()].filter(
    (field) => field.family === reason.family && field.type !== 'id',
  );
  const rank = ({ name }) => (reason.features.includes(name) ? 0 : name in application ? 1 : 2);
  return family.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FIELDS);
}

function CorrectionForm({ id, profile, reason, fields, onDone }) {
  const { t, lang } = useLanguage();
  const shown = fieldsOf(reason, fields, profile.application);
  const before = Object.fromEntries(
    shown.map((field) => [field.name, typedOf(field, profile.application[field.name], { lang })]),
  );
  const [typed, setTyped] = useState(before);
  const [mistakes, setMistakes] = useState({});
  const submit = (event) => {
    event.preventDefault();
    const changed = shown.filter(({ name }) => typed[name] !== before[name]);
    const readings = changed.map((field) => [field.name, readTyped(field, typed[field.name], { lang })]);
    const wrong = readings.filter(([, reading]) => reading.mistake);
    setMistakes(Object.fromEntries(wrong.map(([name, { mistake }]) => [name, mistake])));
    if (wrong.length > 0) return;
    const corrections = Object.fromEntries(readings.map(([name, { value = null }]) => [name, value]));
    changeDraft(id, { corrections: { ...draftOf(id).value.corrections, ...corrections } });
    onDone();
  };
  if (shown.length === 0)
    return html`<p>${t('correct.none')}</p><button type="button" class="button" onClick=${onDone}>${t('app.close')}</button>`;
  return html`
    <form class="form" onSubmit=${submit} noValidate>
      ${shown.map(
        (field) => html`
        <${ContractField} key=${field.name} id=${`correct-${field.name}`} field=${field} typed=${typed[field.name]} mistake=${mistakes[field.name]}
          onType=${(value) => setTyped({ ...typed, [field.name]: value })} />`,
      )}
      <div class="form-actions">
        <button class="button primary">${t('correct.apply')}</button>
        <button type="button" class="button" onClick=${onDone}>${t('app.cancel')}</button>
      </div>
    </form>`;
}

/** For what the service tells of the stored file alone. */
export function AsStored() {
  const { t } = useLanguage();
  return html`<${Notice} kind="info">${t('correct.asStored')}<//>`;
}

/** Over every view of a dossier with corrections: what was corrected, before and after, and the proof. */
export function CorrectionBar({ id, subject }) {
  const { t, lang, format } = useLanguage();
  const { fields } = useContract();
  const { corrections } = draftOf(id).value;
  const names = Object.keys(corrections);
  if (names.length === 0 || !subject.isCorrected) return null;
  const proofs = [...new Set(names.map((name) => proofOf(fields.get(name))).filter(Boolean))];
  const label = (name) => (fields.has(name) ? labelOf(fields.get(name), lang) : name);
  return html`
    <section class="correction" aria-label=${t('correct.bar')}>
      <${Icon} name="alert" />
      <div>
        <p><strong>${t('correct.changed', names.map(label).join(', '))}</strong></p>
        <p>${t('correct.beforeAfter', format.percent(subject.stored.probability_of_default), format.percent(subject.score.probability_of_default))}</p>
        ${proofs.length > 0 && html`<ul class="correction-proofs">${proofs.map((proof) => html`<li key=${proof}>${t(proof)}</li>`)}</ul>`}
      </div>
      <button type="button" class="button no-print" onClick=${() => changeDraft(id, { corrections: {} })}>${t('correct.undo')}</button>
    </section>`;
}
