/** Every field that is wrong, a line each, corrected in place; so many on a page that none is slow. */
import { keyOf } from './groups.js';
import { CellEditor, LineEditor } from './cell-editor.js';
import { columnText, faultText } from './columns.js';
import { stateOf } from './sheet.js';
import { Icon } from '../../components/icon.js';
import { useLanguage } from '../../core/language.js';
import { html, useEffect, useRef, useState } from '../../core/preact.js';

const PAGE = 25;
const STATES = ['open', 'repaired', 'left', 'all'];

export function RepairTable({ bench, version, shown, onShow }) {
  const language = useLanguage();
  const { t, format } = language;
  const [page, setPage] = useState(0);
  const title = useRef(null);
  const cells = useShown(bench, version, shown);
  const pages = Math.max(1, Math.ceil(cells.length / PAGE));
  const here = Math.min(page, pages - 1);
  useEffect(() => setPage(0), [shown.group, shown.state]);
  const turn = (to) => {
    setPage(to);
    title.current.focus();
  };
  return html`
    <section class="card" aria-labelledby="rows-title">
      <h2 id="rows-title" ref=${title} tabindex="-1">${t('repair.rows')}</h2>
      <div class="repair-filters">
        <div class="segments" role="group" aria-label=${t('repair.show')}>
          ${STATES.map((state) => html`<button key=${state} type="button" class="segment" aria-pressed=${String(shown.state === state)} onClick=${() => onShow({ ...shown, state })}>${t(`repair.state.${state}`)}</button>`)}
        </div>
        ${
          shown.group &&
          html`<button type="button" class="link-button" onClick=${() => onShow({ ...shown, group: '' })}>${t('repair.allGroups')}</button>`
        }
      </div>
      ${
        cells.length === 0
          ? html`<p class="card-help">${t('repair.noRows')}</p>`
          : html`
        <div class="table-frame">
          <table class="table repair-table">
            <thead><tr>
              <th scope="col">${t('repair.line')}</th><th scope="col">${t('repair.column')}</th>
              <th scope="col">${t('repair.sent')}</th><th scope="col">${t('repair.correction')}</th><th scope="col">${t('repair.stateTitle')}</th>
            </tr></thead>
            <tbody>
              ${cells.slice(here * PAGE, (here + 1) * PAGE).map(({ row, problem, key }) => html`<${Line} key=${key} bench=${bench} row=${row} problem=${problem} version=${version} />`)}
            </tbody>
          </table>
        </div>
        <nav class="pager" aria-label=${t('repair.pages')}>
          <button type="button" class="button" disabled=${here === 0} onClick=${() => turn(here - 1)}>${t('repair.before')}</button>
          <span>${t('repair.page', format.number(here + 1), format.number(pages), format.number(cells.length))}</span>
          <button type="button" class="button" disabled=${here === pages - 1} onClick=${() => turn(here + 1)}>${t('repair.next')}</button>
        </nav>`
      }
    </section>`;
}

/**
 * What is shown stays where it is while it is corrected: a line goes only when one looks for others.
 */
function useShown(bench, version, { group, state }) {
  const kept = useRef({ asked: '', cells: [] });
  const asked = JSON.stringify([group, state, bench.generation]);
  // A correction of many rows at once changes the list; one of a single field does not.
  const large = (bench.past.at(-1)?.length ?? 0) > 1 ? version : 0;
  if (kept.current.asked !== `${asked} ${large}`)
    kept.current = { asked: `${asked} ${large}`, cells: cellsOf(bench, group, state) };
  return kept.current.cells;
}

function cellsOf({ sheet }, group, state) {
  return sheet.rows
    .filter((row) => state === 'all' || stateOf(row) === state)
    .flatMap((row) =>
      row.problems
        .filter((problem) => !group || keyOf(problem) === group)
        .map((problem) => ({ row, problem, key: `${row.place} ${problem.cause} ${problem.column}` })),
    );
}

function Line({ bench, row, problem }) {
  const language = useLanguage();
  const { t } = language;
  const { rules } = bench.sheet;
  const name = `${t('repair.line')} ${row.line}, ${columnText(language, rules, problem.column)}`;
  const state = row.isLeft ? 'left' : problem.isSolved ? 'repaired' : 'open';
  return html`
    <tr class=${state}>
      <th scope="row">${row.line}<span class="repair-id">${row.id}</span></th>
      <td>${columnText(language, rules, problem.column)}<span class="repair-why">${faultText(language, problem)}</span></td>
      <td class="repair-sent"><code>${problem.text || t('repair.empty')}</code></td>
      <td>${!row.isLeft && html`<${Correction} bench=${bench} row=${row} problem=${problem} name=${name} />`}</td>
      <td>
        <span class=${`repair-state ${state}`}>${state === 'repaired' && html`<${Icon} name="accept" />`}${t(`repair.one.${state}`)}</span>
        <button type="button" class="link-button" aria-label=${`${t(row.isLeft ? 'repair.takeBack' : 'repair.leaveOne')} (${name})`}
          onClick=${() => bench.leave([row], !row.isLeft)}>${t(row.isLeft ? 'repair.takeBack' : 'repair.leaveOne')}</button>
      </td>
    </tr>`;
}

function Correction({ bench, row, problem, name }) {
  const { t } = useLanguage();
  if (problem.cause === 'torn')
    return html`<button type="button" class="button" aria-label=${`${t('repair.confirm')} (${name})`} onClick=${() => bench.confirm([row])}>${t('repair.confirm')}</button>`;
  if (!problem.column) return html`<${LineEditor} bench=${bench} row=${row} name=${name} />`;
  return html`<${CellEditor} bench=${bench} row=${row} column=${problem.column} name=${name} />`;
}
