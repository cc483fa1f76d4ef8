/** The applicants found: a table whose heads sort it; on a phone a card each. */
import { Icon } from '../components/icon.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles } from '../session/session.js';

/** Column -> what the service sorts by, where it does; kind becomes a class of its cells. */
const COLUMNS = [
  { name: 'id', sort: 'applicant_id' },
  { name: 'verdict' },
  { name: 'pd', sort: 'probability_of_default', kind: 'number' },
  { name: 'band' },
  { name: 'amount', sort: 'amount', kind: 'number' },
  { name: 'income', sort: 'income', kind: 'number' },
  { name: 'age', sort: 'age', kind: 'number' },
  { name: 'branch' },
  { name: 'updated', sort: 'updated_at' },
  { name: 'state' },
];

export function ResultTable({ items, wanted, isOld, onSort }) {
  const { t } = useLanguage();
  return html`
    <div class="list-card" aria-busy=${String(isOld)}>
      <table class="results">
        <caption class="visually-hidden">${t('find.title')}</caption>
        <thead>
          <tr>${COLUMNS.map((column) => html`<${Head} key=${column.name} ...${column} wanted=${wanted} onSort=${onSort} />`)}</tr>
        </thead>
        <tbody onKeyDown=${walk}>
          ${items.map((item) => html`<${Row} key=${item.applicant_id} item=${item} query=${wanted.query} />`)}
        </tbody>
      </table>
    </div>`;
}

function Head({ name, sort, kind, wanted, onSort }) {
  const { t } = useLanguage();
  const label = t(`find.${name}`);
  if (!sort) return html`<th scope="col" class=${kind}>${label}</th>`;
  const isSorted = wanted.sort === sort;
  const way = isSorted ? (wanted.order === 'asc' ? 'ascending' : 'descending') : 'none';
  return html`
    <th scope="col" class=${kind} aria-sort=${way}>
      <button type="button" class="sort" onClick=${() => onSort(sort)}>
        ${label}<span class="sort-sign" aria-hidden="true">${isSorted ? (wanted.order === 'asc' ? '↑' : '↓') : '↕'}</span>
      </button>
    </th>`;
}

function Row({ item, query }) {
  const { t, format } = useLanguage();
  const { applicant_id: id, score } = item;
  const typed = id.startsWith(query) ? query.length : 0;
  const cell = (name, content, kind = '') =>
    html`<td class=${kind} data-label=${t(`find.${name}`)}>${content}</td>`;
  return html`
    <tr class="row">
      <th scope="row">
        <a class="row-link" href=${hrefFor('applicant', { id })}><mark>${id.slice(0, typed)}</mark>${id.slice(typed)}</a>
      </th>
      ${cell('verdict', html`<span class=${`chip ${score.decision}`}><${Icon} name=${score.decision} />${t(`verdict.${score.decision}`)}</span><${Causes} causes=${score.review} />`)}
      ${cell('pd', format.percent(score.probability_of_default), 'number')}
      ${cell('band', t(`band.${score.risk_band}`))}
      ${cell('amount', item.amount === null ? '—' : format.money(item.amount), 'number')}
      ${cell('income', item.income === null ? '—' : format.money(item.income), 'number')}
      ${cell('age', item.age ?? '—', 'number')}
      ${cell('branch', item.branch)}
      ${cell('updated', format.dateTime(item.updated_at))}
      ${cell('state', html`<${State} item=${item} />`)}
    </tr>`;
}

function Causes({ causes }) {
  const { wordFor } = useLanguage();
  return (
    causes.length > 0 &&
    html`<span class="row-note">${causes.map((cause) => wordFor('review', cause)).join(', ')}</span>`
  );
}

/** What was decided, or who works on it. */
function State({ item: { claim, decided } }) {
  const { t, format } = useLanguage();
  if (decided) {
    const word = decided.status === 'to_confirm' ? t('find.confirm') : t(`decided.${decided.decision}`);
    if (!mayShow(viewOf('decision'), roles.value)) return word;
    return html`<a href=${hrefFor('decision', { id: decided.decision_id })}>${word}</a>`;
  }
  if (!claim) return html`<span class="row-note">${t('state.none')}</span>`;
  const who = claim.is_yours ? t('find.yours') : t('find.theirs', claim.by, format.time(claim.until));
  return html`<span class="chip"><${Icon} name="lock" />${who}</span>`;
}

/** Up, Down, Home and End walk through the rows; Up from the first goes back to the search. */
function walk(event) {
  const links = [...event.currentTarget.querySelectorAll('a.row-link')];
  const at = links.indexOf(document.activeElement);
  const targets = {
    ArrowDown: links[at + 1],
    ArrowUp: links[at - 1] ?? document.getElementById('query'),
    Home: links[0],
    End: links.at(-1),
  };
  if (at < 0 || !(event.key in targets)) return;
  event.preventDefault();
  targets[event.key]?.focus();
}
