/** The causes, each with what corrects all of its rows at once. */
import { columnText, faultText } from './columns.js';
import { correctionOf, offered } from './corrections.js';
import { openCount } from './groups.js';
import { ContractField } from '../../components/contract-field.js';
import { Icon } from '../../components/icon.js';
import { announce } from '../../core/announcer.js';
import { readTyped } from '../../core/contract.js';
import { useLanguage } from '../../core/language.js';
import { html, useId, useMemo, useRef, useState } from '../../core/preact.js';

const SHOWN = 12;
const EXAMPLES = 3;
const DOUBTFUL = ['torn', 'duplicate_id'];

export function Groups({ bench, version, onShow }) {
  const { t } = useLanguage();
  const [most, setMost] = useState(SHOWN);
  const groups = [...bench.groups.values()];
  return html`
    <section aria-labelledby="groups-title">
      <h2 id="groups-title">${t('repair.groups')}</h2>
      <ul class="fault-groups">
        ${groups.slice(0, most).map((group) => html`<li key=${group.key} class="card"><${GroupCard} bench=${bench} group=${group} version=${version} onShow=${onShow} /></li>`)}
      </ul>
      ${groups.length > most && html`<button type="button" class="button more" onClick=${() => setMost(most + SHOWN)}>${t('repair.moreGroups', groups.length - most)}</button>`}
    </section>`;
}

/** As it stands within a sentence. */
function lowered(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function GroupCard({ bench, group, version, onShow }) {
  const language = useLanguage();
  const { t, format } = language;
  const heading = useRef(null);
  const open = openCount(group);
  const column = columnText(language, bench.sheet.rules, group.column);
  const corrections = useMemo(() => (open ? offered(group, bench.context) : []), [group, version]);
  const done = (count) => {
    announce(t('repair.corrected', count, format.number(count)));
    heading.current.focus();
  };
  const rows = () =>
    group.cells.filter(({ row, problem }) => !row.isLeft && !problem.isSolved).map(({ row }) => row);
  return html`
    <h3 ref=${heading} tabindex="-1">
      ${open === 0 && html`<${Icon} name="accept" />`}
      ${t('repair.group', group.cells.length, format.number(group.cells.length), lowered(faultText(language, group)), column)}
    </h3>
    ${
      open === 0
        ? html`<p class="card-help">${t('repair.groupDone')}</p>`
        : html`
      ${open < group.cells.length && html`<p class="card-help">${t('repair.stillOpen', open, format.number(open))}</p>`}
      <${Examples} group=${group} />
      <div class="fault-actions">
        ${corrections.map(
          ({ name, value, count }) => html`
          <button key=${name} type="button" class="button" onClick=${() => done(bench.correct(group, correctionOf(name, bench.context, value)))}>
            ${correctionText(language, bench, group, name, value)} <span class="fault-count">${format.number(count)}</span>
          </button>`,
        )}
        ${
          DOUBTFUL.includes(group.cause) &&
          html`<button type="button" class="button" onClick=${() => {
            const sure = rows();
            bench.confirm(sure);
            done(sure.length);
          }}>${t('repair.confirm')}</button>`
        }
        <button type="button" class="button" onClick=${() => {
          const left = rows();
          bench.leave(left);
          announce(t('repair.leftOut', left.length, format.number(left.length)));
          heading.current.focus();
        }}>${t('repair.leave')}</button>
      </div>
      <${OneValue} bench=${bench} group=${group} onDone=${done} />`
    }
    <button type="button" class="link-button" onClick=${() => {
      onShow(group.key);
      document.getElementById('rows-title').focus();
    }}>${t('repair.showRows')}</button>`;
}

function correctionText({ t, lang }, bench, group, name, value) {
  if (name === 'convention') return t(bench.sheet.numbers.decimal === '.' ? 'fix.toPoint' : 'fix.toComma');
  if (name === 'category') {
    const option = bench.sheet.rules.fields.get(group.column).options.find((each) => each.value === value);
    return t('fix.category', option.label[lang]);
  }
  return t(`fix.${name}`);
}

function Examples({ group }) {
  const { t } = useLanguage();
  const texts = [...new Set(group.cells.slice(0, 200).map(({ problem }) => problem.text))].filter(Boolean);
  if (texts.length === 0 || group.cause === 'unknown_category') return null;
  return html`<p class="card-help">${t('repair.examples')} ${texts.slice(0, EXAMPLES).map((text) => html`<code key=${text}>${text}</code> `)}</p>`;
}

/** One value for all: chosen or typed in the column's own field. */
function OneValue({ bench, group, onDone }) {
  const { t, lang } = useLanguage();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [mistake, setMistake] = useState(null);
  const field = bench.sheet.rules.fields.get(group.column);
  if (!field || field.type === 'id') return null;
  const apply = (event) => {
    event.preventDefault();
    const reading = readTyped({ ...field, required: true }, typed, { lang });
    setMistake(reading.mistake ?? null);
    if (reading.mistake) document.getElementById(id).focus();
    else onDone(bench.correct(group, () => String(reading.value)));
  };
  return html`
    <form class="one-value" onSubmit=${apply} noValidate>
      <${ContractField} id=${id} field=${{ ...field, required: false }} typed=${typed} mistake=${mistake} onType=${setTyped} />
      <button class="button">${t('repair.setAll')}</button>
    </form>`;
}
