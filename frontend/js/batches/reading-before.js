/** How a table will be read, before it is sent: marks, renamed columns, what is ignored or skipped. */
import { columnText } from './rejects/columns.js';
import { Notice } from '../components/notice.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };
const MARKS = { '.': 'point', ',': 'comma' };
const MOST_LINES = 5;

/**
 * @param {{reading: import('./table/table-reading.js').TableReading | null, rules: any, isWhole: boolean}} props
 *   isWhole : whether all rows were looked at
 */
export function ReadingBefore({ reading, rules, isWhole }) {
  const language = useLanguage();
  const { t, format } = language;
  if (!reading) return html`<${Notice} kind="error">${t('before.noHeader')}<//>`;
  const { numbers, missing, twice, broken, emptyRows, linesAbove } = reading;
  const name = (column) => columnText(language, rules, column);
  return html`
    <section class="before" aria-labelledby="before-title">
      <h2 id="before-title">${t('before.title')}</h2>
      ${(isWhole || reading.rows.length > 0) && html`<p class="card-help">${isWhole ? t('before.rows', reading.rows.length, format.number(reading.rows.length)) : t('before.part', format.number(reading.rows.length))}</p>`}
      ${missing.length > 0 && html`<${Notice} kind="error">${t('before.missing', missing.map(name).join(', '))}<//>`}
      ${twice.length > 0 && html`<${Notice} kind="error">${t('before.twice', twice.map(name).join(', '))}<//>`}
      <dl class="reading">
        <div><dt>${t('reading.delimiter')}</dt><dd>${t(`reading.delimiter.${DELIMITERS[reading.delimiter]}`)}</dd></div>
        <${Marks} numbers=${numbers} />
      </dl>
      ${numbers.doubtful && html`<${Notice} kind="info">${t('before.doubtful', numbers.doubtful === '.' ? '180.000' : '180,000')}<//>`}
      ${!reading.hasHeader && html`<p class="card-help">${t('before.inOrder')}</p>`}
      ${linesAbove > 0 && html`<p class="card-help">${t('before.above', linesAbove, format.number(linesAbove))}</p>`}
      ${emptyRows > 0 && html`<p class="card-help">${t('reading.empty', emptyRows, format.number(emptyRows))}</p>`}
      ${
        broken.length > 0 &&
        html`<p class="card-help">${t('before.broken', broken.length, format.number(broken.length), broken.slice(0, MOST_LINES).map(format.number).join(', '))}</p>`
      }
      <${ColumnsTold} renamed=${reading.renamed.map(({ sent, readAs }) => ({ sent, name: name(readAs) }))} ignored=${reading.ignored} />
    </section>`;
}

/** @param {{numbers: import('./table/numbers.js').Numbers}} props */
export function Marks({ numbers }) {
  const { t } = useLanguage();
  return html`
    <div><dt>${t('reading.decimal')}</dt><dd>${t(`reading.decimal.${MARKS[numbers.decimal]}`)}</dd></div>
    ${numbers.grouping && html`<div><dt>${t('reading.grouping')}</dt><dd>${t(`reading.grouping.${MARKS[numbers.grouping]}`)}</dd></div>`}`;
}

/** @param {{renamed: {sent: string, name: string}[], ignored: string[]}} props */
export function ColumnsTold({ renamed, ignored }) {
  const { t, format } = useLanguage();
  return html`
    ${
      renamed.length > 0 &&
      html`
      <details class="ignored">
        <summary>${t('reading.renamed', renamed.length, format.number(renamed.length))}</summary>
        <dl class="reading">${renamed.map(({ sent, name }) => html`<div key=${sent}><dt><code>${sent}</code></dt><dd>${name}</dd></div>`)}</dl>
      </details>`
    }
    ${
      ignored.length > 0 &&
      html`
      <details class="ignored">
        <summary>${t('batch.ignored', ignored.length, format.number(ignored.length))}</summary>
        <p class="card-help">${t('batch.ignoredHelp')}</p>
        <p class="names">${ignored.map((each) => html`<code key=${each}>${each}</code> `)}</p>
      </details>`
    }`;
}
