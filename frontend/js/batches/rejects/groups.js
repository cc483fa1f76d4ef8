/**
 * Fields with the same fault, together: "412 rows: decimal comma in the credit amount". Pure.
 *
 * @typedef {{row: import('./sheet.js').Row, problem: import('./sheet.js').Problem}} Cell
 * @typedef {{key: string, column: string, cause: string, shape: string, cells: Cell[]}} Group
 */

/** @param {import('./sheet.js').Row[]} rows @returns {Map<string, Group>} the largest first */
export function groupsOf(rows) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const row of rows)
    for (const problem of row.problems) {
      const key = keyOf(problem);
      if (!groups.has(key)) {
        const { column, cause, shape } = problem;
        groups.set(key, { key, column, cause, shape, cells: [] });
      }
      groups.get(key).cells.push({ row, problem });
    }
  return new Map([...groups].sort(([, one], [, other]) => other.cells.length - one.cells.length));
}

export function keyOf({ column, cause, shape }) {
  return JSON.stringify([cause, column, shape]);
}

/** How many fields of a group are still wrong, in rows that are not left out. */
export function openCount({ cells }) {
  return cells.reduce((count, { row, problem }) => count + (problem.isSolved || row.isLeft ? 0 : 1), 0);
}
