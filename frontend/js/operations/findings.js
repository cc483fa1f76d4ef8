/** What a run found, the urgent and heavy first, each with who knows of it. */
import { Acknowledge } from './acknowledge.js';
import { FindingFiles } from './finding-files.js';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { roles } from '../session/session.js';

const MOST_SHOWN = 10;

/** @param {{findings: any[], known: any[], canAcknowledge: boolean}} props known : acknowledgements */
export function Findings({ findings, known, canAcknowledge }) {
  const { t } = useLanguage();
  const [showsAll, setShowsAll] = useState(false);
  if (findings.length === 0)
    return html`<p class="all-good"><${Icon} name="check" />${t('drift.nothing')}</p>`;
  return html`
    <ol class="findings">
      ${(showsAll ? findings : findings.slice(0, MOST_SHOWN)).map((finding) => html`<${One} key=${keyOf(finding)} finding=${finding} word=${wordOf(finding, known)} canAcknowledge=${canAcknowledge} />`)}
    </ol>
    ${findings.length > MOST_SHOWN && html`<button type="button" class="button" aria-expanded=${String(showsAll)} onClick=${() => setShowsAll(!showsAll)}>${showsAll ? t('drift.fewer') : t('drift.more', findings.length)}</button>`}`;
}

/**
 * In words, from its figures; a kind that is newer than the page in the monitor's own.
 *
 * @param {{kind: string, measures?: Record<string, any>, text: string}} finding
 * @param {any} language
 */
export function whatWasFound({ kind, measures = {}, text }, { t, wordFor, format }) {
  const { factor, share, share_before: before, refused, cause, rise, psi } = measures;
  const values = {
    unit_change: () => [format.number(factor)],
    missing: () => [format.percent(share), format.percent(before)],
    swapped: () => [],
    constant: () => [format.percent(share)],
    new_category: () => [refused, format.number(refused)],
    refused_rows: () => [refused, format.number(refused), wordFor('cause', cause)],
    cost_rise: () => [format.percent(rise)],
    population_shift: () => [format.number(psi)],
  };
  return kind in values ? t(`drift.what.${kind}`, ...values[kind]()) : text;
}

function One({ finding, word, canAcknowledge }) {
  const language = useLanguage();
  const { t, format } = language;
  const [asks, setAsks] = useState(false);
  const mayAcknowledge = canAcknowledge && roles.value.includes('operator');
  return html`
    <li class="finding">
      <div class="finding-head">
        <span class=${`chip ${finding.urgency === 'page' ? 'refuse' : ''}`}><${Icon} name=${finding.urgency === 'page' ? 'alert' : 'file'} />${t(`alarms.urgency.${finding.urgency}`)}</span>
        <strong>${t(`drift.kind.${finding.kind}`)}</strong>
        <span>${finding.columns.length > 0 ? finding.columns.join(', ') : t('drift.allColumns')}</span>
        <span class="finding-source">${finding.source || t('drift.everywhere')}</span>
      </div>
      <p>${whatWasFound(finding, language)}</p>
      <p class="card-help">${[
        t('drift.severity', format.number(finding.severity)),
        finding.rows !== undefined && t('drift.rows', format.number(finding.rows)),
        finding.standing && t('drift.standing'),
      ]
        .filter(Boolean)
        .join(' · ')}</p>
      ${finding.files?.length > 0 && html`<${FindingFiles} source=${finding.source ?? ''} files=${finding.files} />`}
      ${word && html`<p class="finding-word"><${Icon} name="check" />${t('drift.known', word.by, format.date(word.until), word.reason)}</p>`}
      ${mayAcknowledge && html`<button type="button" class="link-button no-print" onClick=${() => setAsks(true)}>${t(word ? 'drift.acknowledgeAgain' : 'drift.acknowledge')}<span class="visually-hidden"> · ${t(`drift.kind.${finding.kind}`)} ${finding.columns.join(', ')}</span></button>`}
      ${asks && html`<${Acknowledge} finding=${finding} word=${word} onClose=${() => setAsks(false)} />`}
    </li>`;
}

const keyOf = ({ kind, source, columns }) => JSON.stringify([kind, source, [...columns].sort()]);

/** The word that is in force, if there is one. */
export function wordOf(finding, known, today = new Date().toISOString().slice(0, 10)) {
  return known.find((word) => keyOf(word) === keyOf(finding) && word.until >= today);
}
