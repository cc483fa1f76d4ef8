/**
 * The repair of one file: what was changed, what is left to do, and how to take it back.
 *
 * Kept while the page is open, so that neither another view nor a session that ends loses it; of
 * applicants' data nothing is stored on the machine.
 */
import { causeOf } from '../table/cell-rules.js';
import { fieldsOf } from '../table/csv.js';
import { effect, signal } from '../../core/preact.js';
import { username } from '../../session/session.js';
import { groupsOf } from './groups.js';
import { columnsOf, problemsOf, stateOf } from './sheet.js';

const MOST_UNDONE = 100;
const CONFIRMABLE = ['torn', 'duplicate_id', 'doubtful_number'];

export class Workbench {
  /** @param {import('./sheet.js').Sheet} sheet @param {string} receivedAt */
  constructor(sheet, receivedAt) {
    this.sheet = sheet;
    this.receivedAt = receivedAt;
    this.columns = columnsOf(sheet);
    this.groups = groupsOf(sheet.rows);
    /** Grows with each change: a view that reads it is drawn again. */
    this.version = signal(0);
    /** @type {{row: any, before: any}[][]} */
    this.past = [];
    /** Grows when the problems themselves become others. */
    this.generation = 0;
  }

  get context() {
    return { rules: this.sheet.rules, numbers: this.sheet.numbers, receivedAt: this.receivedAt };
  }

  /** @returns {{open: number, repaired: number, left: number}} rows; they add up */
  get counts() {
    const counts = { open: 0, repaired: 0, left: 0 };
    for (const row of this.sheet.rows) counts[stateOf(row)] += 1;
    return counts;
  }

  get isChanged() {
    return this.sheet.rows.some(
      (row) => row.isLeft || row.isConfirmed || row.rewritten || row.edits.size > 0,
    );
  }

  /** @param {import('./sheet.js').Row} row @param {string | null} text null: as it came */
  setCell(row, column, text) {
    this.#change([row], () => put(row, column, text));
  }

  /** @returns {number} how many fields became right; the others stay as they are */
  correct(group, correction) {
    const { rules } = this.sheet;
    const right = group.cells.filter(({ row, problem }) => {
      if (problem.isSolved || row.isLeft) return false;
      const text = correction(problem.text);
      return text !== null && causeOf(rules, group.column, text) === '';
    });
    this.#change(
      right.map(({ row }) => row),
      () => right.forEach(({ row, problem }) => put(row, group.column, correction(problem.text))),
    );
    return right.length;
  }

  /** Rows that are not to be sent, on purpose. */
  leave(rows, isLeft = true) {
    this.#change(rows, () => rows.forEach((row) => Object.assign(row, { isLeft })));
  }

  /** Rows that were only doubtful, and are right as they are. */
  confirm(rows) {
    const sure = rows.filter((row) => row.problems.some(({ cause }) => CONFIRMABLE.includes(cause)));
    this.#change(sure, () => sure.forEach((row) => Object.assign(row, { isConfirmed: true })));
  }

  /** A row whose fields did not fit the header, as one line of text. */
  rewrite(row, line) {
    const fields = fieldsOf(line, this.sheet.delimiter)?.map((field) => field.trim());
    if (fields?.length !== this.columns.length) return false;
    const told = { cause: '', column: '', text: '' };
    const problems = problemsOf(this.sheet, this.columns, fields, told);
    this.#change([row], () => Object.assign(row, { rewritten: fields, problems }));
    this.groups = groupsOf(this.sheet.rows);
    this.generation += 1;
    return true;
  }

  undo() {
    const changes = this.past.pop() ?? [];
    for (const { row, before } of changes.reverse()) {
      Object.assign(row, before);
      this.#solve(row);
    }
    this.groups = groupsOf(this.sheet.rows);
    this.generation += 1;
    this.version.value += 1;
  }

  #change(rows, act) {
    if (rows.length === 0) return;
    const unique = [...new Set(rows)];
    this.past.push(unique.map((row) => ({ row, before: standing(row) })));
    if (this.past.length > MOST_UNDONE) this.past.shift();
    act();
    unique.forEach((row) => this.#solve(row));
    this.version.value += 1;
  }

  #solve(row) {
    const { rules } = this.sheet;
    const mended = (column) => row.edits.has(column) && causeOf(rules, column, row.edits.get(column)) === '';
    for (const problem of row.problems) {
      const isSure =
        row.isConfirmed && problem.cause !== 'doubtful_number' && CONFIRMABLE.includes(problem.cause);
      // A row that is no longer the one that was torn is looked at anew.
      const isOther = problem.cause === 'torn' && row.edits.size > 0;
      problem.isSolved = isSure || isOther || mended(problem.column);
    }
  }
}

function put(row, column, text) {
  row.edits = new Map(row.edits);
  if (text === null) row.edits.delete(column);
  else row.edits.set(column, text);
}

function standing({ edits, rewritten, isLeft, isConfirmed, problems }) {
  return { edits, rewritten, isLeft, isConfirmed, problems };
}

/** @type {Map<string, Workbench>} */
const kept = new Map();

/** @param {string} batch @returns {Workbench | undefined} */
export function keptBench(batch) {
  return kept.get(batch);
}

export function keepBench(batch, bench) {
  kept.set(batch, bench);
  return bench;
}

export function dropBench(batch) {
  kept.delete(batch);
}

/** Whether a repair that was begun is not sent yet. */
export function hasUnsent() {
  return [...kept.values()].some((bench) => bench.isChanged);
}

effect(() => {
  if (username.value === null) kept.clear();
});

globalThis.addEventListener?.('beforeunload', (event) => {
  if (hasUnsent()) event.preventDefault();
});
