/** A file that another view made, for the form that sends files: taken once. */
let waiting = null;

/** @param {File} file */
export function handOver(file) {
  waiting = file;
}

/** @returns {File | null} */
export function takeOver() {
  const file = waiting;
  waiting = null;
  return file;
}
