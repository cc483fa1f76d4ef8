/** What became of pasted rows: a verdict each, or why there is none. */
import { columnText, faultText } from '../rejects/columns.js';
import { Icon } from '../../components/icon.js';
import { Table } from '../../components/table.js';
import { useLanguage } from '../../core/language.js';
import { html } from '../../core/preact.js';

const MOST_FAULTS = 50;

/** Rows that will not be scored, before anything is sent. */
export function PastedFaults({ rows, rules }) {
  const language = useLanguage();
  const { t, format } = language;
  const wrong = rows.filter(({ faults }) => faults.length > 0);
  const faults = wrong.flatMap(({ line, id, faults: found }) =>
    found.map((fault) => ({ line, id, ...fault })),
  );
  const heads = ['line', 'column', 'sent', 'why'].map((name) => ({ label: t(`paste.${name}`) }));
  return html`
    <section aria-labelledby="faults-title">
      <h2 id="faults-title">${t('paste.faults', wrong.length, format.number(wrong.length))}</h2>
      <${Table} heads=${heads} rows=${faults.slice(0, MOST_FAULTS).map((fault) => ({
        key: `${fault.line} ${fault.column} ${fault.cause}`,
        cells: [
          format.number(fault.line),
          columnText(language, rules, fault.column),
          html`<code>${fault.text}</code>`,
          faultText(language, fault),
        ],
      }))} />
      ${faults.length > MOST_FAULTS && html`<p class="card-help">${t('paste.moreFaults', format.number(faults.length - MOST_FAULTS))}</p>`}
    </section>`;
}

/** @param {{answer: any, rows: import('./applications.js').PastedRow[], rules: any}} props */
export function PastedResults({ answer, rows, rules }) {
  const language = useLanguage();
  const { t, format } = language;
  const heads = [
    { label: t('paste.application') },
    { label: t('paste.line') },
    { label: t('paste.verdict') },
    { label: t('paste.pd'), kind: 'number' },
    { label: t('paste.band') },
  ];
  return html`
    <section class="card" aria-labelledby="results-title">
      <h2 id="results-title">${t('paste.summary', answer.scored, answer.rejected)}</h2>
      <p class="card-help">${t('paste.nothingKept')}</p>
      <${Table} heads=${heads} rows=${answer.items.map((item) => ({
        key: String(item.row),
        cells: [
          rows[item.row].id || '—',
          format.number(rows[item.row].line),
          ...(item.score ? scoredCells(language, item.score) : refusedCells(language, rules, item.errors)),
        ],
      }))} />
    </section>`;
}

function scoredCells({ t, wordFor, format }, score) {
  const causes = score.review.map((cause) => wordFor('review', cause)).join(', ');
  return [
    html`<span class=${`chip ${score.decision}`}><${Icon} name=${score.decision} />${t(`verdict.${score.decision}`)}</span>${causes && html`<span class="repair-why">${causes}</span>`}`,
    format.percent(score.probability_of_default),
    t(`band.${score.risk_band}`),
  ];
}

function refusedCells(language, rules, errors) {
  const { t } = language;
  const why = errors.map(({ field, cause }) =>
    t('paste.fault', columnText(language, rules, field), faultText(language, { cause })),
  );
  return [html`<span class="field-error">${why.join(t('paste.and'))}</span>`, '—', '—'];
}
