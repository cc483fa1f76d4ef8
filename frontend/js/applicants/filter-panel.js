/** The filters of the list, folded away until they are wanted; how many count stands on the button. */
import { countFilters } from './filters.js';
import { Icon } from '../components/icon.js';
import { readNumber } from '../core/contract.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useState } from '../core/preact.js';
import { useContract } from '../core/use-contract.js';
import { branches } from '../session/session.js';

const AGES = ['18-24', '25-34', '35-44', '45-54', '55-64', '65+'];

export function FilterPanel({ wanted, onChange }) {
  const { t } = useLanguage();
  const count = countFilters(wanted);
  const [isOpen, setOpen] = useState(count > 0);
  return html`
    <button type="button" class="button filter-button" aria-expanded=${String(isOpen)} aria-controls="filters" onClick=${() => setOpen(!isOpen)}>
      <${Icon} name="filter" />${count > 0 ? t('filter.count', count) : t('filter.title')}
    </button>
    ${isOpen && html`<${Filters} wanted=${wanted} onChange=${onChange} />`}`;
}

function Filters({ wanted, onChange }) {
  const { t, lang } = useLanguage();
  const { fields } = useContract();
  const types = [...fields.values()].find(({ role }) => role === 'income_type')?.options ?? [];
  const own = branches.value;
  const choices = {
    decision: ['accept', 'review', 'refuse'].map((value) => [value, t(`verdict.${value}`)]),
    risk_band: ['low', 'medium', 'high'].map((value) => [value, t(`band.${value}`)]),
    ...(own && own.length > 1 && { branch: own.map((value) => [value, value]) }),
    income_type: types.map(({ value, label }) => [value, label[lang]]),
    age_band: AGES.map((value) => [value, t('filter.ages', value.replace('-', ' – '))]),
    missing_scores: ['some', 'none'].map((value) => [value, t(`filter.missing.${value}`)]),
  };
  return html`
    <fieldset class="filters" id="filters">
      <legend class="visually-hidden">${t('filter.title')}</legend>
      ${Object.entries(choices).map(([name, options]) => html`<${Select} key=${name} name=${name} options=${options} chosen=${wanted[name]} onChoose=${(value) => onChange({ [name]: value })} />`)}
      ${own === null && html`<${Text} name="branch" value=${wanted.branch} onType=${(value) => onChange({ branch: value })} />`}
      <${Text} name="amount_min" value=${wanted.amount_min} isNumber onType=${(value) => onChange({ amount_min: value })} />
      <${Text} name="amount_max" value=${wanted.amount_max} isNumber onType=${(value) => onChange({ amount_max: value })} />
    </fieldset>`;
}

function Select({ name, options, chosen, onChoose }) {
  const { t } = useLanguage();
  return html`
    <div class="field">
      <label for=${`filter-${name}`}>${t(`filter.${name}`)}</label>
      <select id=${`filter-${name}`} class="input" value=${chosen} onChange=${(event) => onChoose(event.currentTarget.value)}>
        <option value="">${t('filter.any')}</option>
        ${options.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}
      </select>
    </div>`;
}

/**
 * Told on Enter and on leaving: an amount that is half typed is no filter. What is typed is kept here,
 * so that an answer which redraws the panel meanwhile does not wipe it out.
 */
function Text({ name, value, onType, isNumber = false }) {
  const { t, lang } = useLanguage();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const tell = () => {
    const typed = draft.trim();
    const text = isNumber && typed !== '' ? String(readNumber(typed, lang)) : typed;
    if (text !== value && (!isNumber || text === '' || Number(text) >= 0)) onType(text);
  };
  return html`
    <div class="field">
      <label for=${`filter-${name}`}>${t(`filter.${name}`)}</label>
      <input id=${`filter-${name}`} class="input" inputmode=${isNumber ? 'numeric' : 'text'} autocomplete="off" maxlength="32" value=${draft}
        onInput=${(event) => setDraft(event.currentTarget.value)} onChange=${tell} onKeyDown=${(event) => event.key === 'Enter' && tell()} />
    </div>`;
}
