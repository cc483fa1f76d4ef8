/** One field of the contract in a form: number, amount, date, years, choice or yes and no. */
import { boundsOf, kindOf } from '../core/contract.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** The words of a mistake that `readTyped` found. */
export function mistakeText({ t, format }, mistake) {
  const values = mistake.values.map((value) =>
    value === null ? '…' : format.number(Math.round(value * 10) / 10),
  );
  return t(mistake.key, ...values);
}

/**
 * label : in place of the field's own
 *
 * @param {{id: string, field: import('../core/contract.js').Field, typed: string,
 *   mistake?: import('../core/contract.js').Mistake | null, hint?: string, label?: string, onType: (typed: string) => void,
 *   onLeave?: () => void}} props
 */
export function ContractField({ id, field, typed, mistake, hint, label, onType, onLeave }) {
  const language = useLanguage();
  const { t, lang } = language;
  const error = mistake && mistakeText(language, mistake);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const common = {
    id,
    class: 'input',
    'aria-describedby': described || null,
    'aria-invalid': error ? 'true' : null,
    onBlur: onLeave,
  };
  return html`
    <div class="field">
      <label for=${id}>
        ${label ?? (kindOf(field) === 'date' ? t('form.birth') : labelOf(field, lang))}${field.required && html`<span class="field-required"> ${t('form.requiredMark')}</span>`}
      </label>
      <${Control} common=${common} field=${field} typed=${typed} onType=${onType} />
      ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
      ${error && html`<p class="field-error" id=${`${id}-error`}>${error}</p>`}
    </div>`;
}

function Control({ common, field, typed, onType }) {
  const { t, lang, format } = useLanguage();
  const kind = kindOf(field);
  const type = (event) => onType(event.currentTarget.value);
  if (kind === 'choice' || kind === 'yesno') {
    const options =
      kind === 'choice'
        ? field.options.map(({ value, label }) => [value, label[lang]])
        : [
            ['1', t('form.yes')],
            ['0', t('form.no')],
          ];
    return html`
      <select ...${common} value=${typed} onChange=${type}>
        <option value="">${t('form.none')}</option>
        ${options.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>`;
  }
  if (kind === 'date') {
    const [least, most] = boundsOf(field).map((years) => years && dayBefore(years));
    return html`<input ...${common} type="date" min=${most} max=${least} value=${typed} onInput=${type} />`;
  }
  const unit = { amount: format.currencySign, years: t('form.years') }[kind];
  return html`
    <span class="field-box">
      <input ...${common} type="text" inputmode=${kind === 'text' ? 'text' : 'decimal'} autocomplete="off" value=${typed} onInput=${type} />
      ${unit && html`<span class="field-unit" aria-hidden="true">${unit}</span>`}
    </span>`;
}

function dayBefore(years) {
  return new Date(Date.now() - years * 365.25 * 86_400_000).toISOString().slice(0, 10);
}
