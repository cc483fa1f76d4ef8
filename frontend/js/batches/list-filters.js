/**
 * Which files the history shows, in the address, so that it can be left and shared. Pure.
 *
 * @typedef {{status: string, branch: string, name: string, from: string, to: string, open: string}} ListFilters
 *   from, to : days where the reader is, both included; open : "yes" for files with open rejects alone
 */
import { isBranch } from './csv-choice.js';

export const STATES = ['', 'running', 'finished', 'failed'];
const NAMES = /** @type {const} */ (['status', 'branch', 'name', 'from', 'to', 'open']);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @param {Record<string, string>} query of the address @returns {ListFilters} what makes no sense is left out */
export function readFilters(query) {
  const filters = /** @type {any} */ (Object.fromEntries(NAMES.map((name) => [name, query[name] ?? ''])));
  if (!STATES.includes(filters.status)) filters.status = '';
  for (const day of ['from', 'to']) if (!DAY.test(filters[day])) filters[day] = '';
  if (filters.open !== 'yes') filters.open = '';
  return filters;
}

/** @param {ListFilters} filters */
export function isNarrowed(filters) {
  return NAMES.some((name) => filters[name]);
}

/** What GET /batches is asked; the days of the reader as moments. @param {ListFilters} filters */
export function askedOf({ status, branch, name, from, to, open }) {
  return {
    status,
    branch: isBranch(branch) ? branch : '',
    name: name.trim().slice(0, 100),
    since: momentOf(from, 0),
    before: momentOf(to, 1),
    open,
  };
}

function momentOf(day, daysLater) {
  if (!day) return '';
  const [year, month, date] = day.split('-').map(Number);
  const moment = new Date(year, month - 1, date + daysLater);
  return Number.isNaN(moment.getTime()) ? '' : `${moment.toISOString().slice(0, 19)}Z`;
}
