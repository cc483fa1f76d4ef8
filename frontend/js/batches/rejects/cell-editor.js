/** One faulty field in its own form field; and a row that does not fit the header, as a line of text. */
import { sentFields } from './sheet.js';
import { causeOf } from '../table/cell-rules.js';
import { writeRecord } from '../table/csv.js';
import { ContractField } from '../../components/contract-field.js';
import { readTyped, retyped, typedOf } from '../../core/contract.js';
import { useLanguage } from '../../core/language.js';
import { html, useId, useState } from '../../core/preact.js';

/** @param {{bench: import('./workbench.js').Workbench, row: any, column: string, name: string}} props */
export function CellEditor({ bench, row, column, name }) {
  const field = bench.sheet.rules.fields.get(column);
  const common = { bench, row, column, name };
  return field && field.type !== 'id'
    ? html`<${OfContract} ...${common} field=${field} />`
    : html`<${OfText} ...${common} />`;
}

function OfContract({ bench, row, column, name, field }) {
  const { lang } = useLanguage();
  const id = useId();
  const [draft, setDraft] = useState(null);
  const edit = row.edits.get(column);
  // What is wrong stays as it was typed; what is right is shown as the contract has it.
  const typed = draft
    ? retyped(field, draft.typed, draft.lang, lang)
    : edit === undefined
      ? ''
      : shown(field, edit, lang);
  const type = (text) => {
    const reading = readTyped(field, text, { lang });
    setDraft({ typed: text, lang, mistake: text === '' ? null : reading.mistake });
    bench.setCell(row, column, reading.value === undefined ? null : String(reading.value));
  };
  return html`
    <div class="cell-edit">
      <${ContractField} id=${id} field=${{ ...field, required: false }} label=${name} typed=${typed} mistake=${draft?.mistake}
        onType=${type} onLeave=${() => draft && !draft.mistake && setDraft(null)} />
    </div>`;
}

function shown(field, text, lang) {
  return typedOf(field, field.type === 'category' ? text : text === '' ? null : Number(text), { lang });
}

/** An id, or a column that no form knows. */
function OfText({ bench, row, column, name }) {
  const [typed, setTyped] = useState(row.edits.get(column) ?? '');
  const type = (text) => {
    setTyped(text);
    const isRight = text !== '' && causeOf(bench.sheet.rules, column, text) === '';
    bench.setCell(row, column, isRight ? text.trim() : null);
  };
  return html`<input class="input" aria-label=${name} autocomplete="off" value=${typed} onInput=${(event) => type(event.currentTarget.value)} />`;
}

export function LineEditor({ bench, row, name }) {
  const { t } = useLanguage();
  const id = useId();
  const { sheet } = bench;
  const [line, setLine] = useState(() => writeRecord(sentFields(sheet, row), sheet.delimiter));
  const [isWrong, setWrong] = useState(false);
  return html`
    <div class="cell-edit">
      <label for=${id}>${name}</label>
      <textarea id=${id} class="input" rows="2" spellcheck=${false} aria-invalid=${isWrong ? 'true' : null} aria-describedby=${isWrong ? `${id}-error` : null}
        onInput=${(event) => setLine(event.currentTarget.value)}>${line}</textarea>
      ${isWrong && html`<p class="field-error" id=${`${id}-error`}>${t('repair.fields', bench.columns.length)}</p>`}
      <button type="button" class="button" onClick=${() => setWrong(!bench.rewrite(row, line.trim()))}>${t('repair.rewrite')}</button>
    </div>`;
}
