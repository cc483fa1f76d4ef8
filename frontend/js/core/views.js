/**
 * The views of the page, in one table: from it are made addresses, navigation and titles.
 *
 * name : of the route; pattern : its address, where `:word` is one segment
 * section : of the navigation; nav : whether the section's link leads here
 * roles : who may see it, everybody without; texts : which texts it needs, beside those of the core
 * load : fetches it when it is first shown
 *
 * @typedef {{name: string, pattern: string, section: string, nav?: boolean, roles?: string[],
 *   texts?: string[], load: () => Promise<Function>}} View
 */

const ADVISOR = ['advisor'];
const COUNTER = ['advisor', 'back-office'];
const FILES = [...COUNTER, 'operator'];
const WATCHING = ['operator', 'data-scientist'];

/** @type {View[]} the first pattern that fits wins */
export const VIEWS = [
  {
    name: 'applicants',
    pattern: '/applicants',
    section: 'applicants',
    nav: true,
    roles: COUNTER,
    texts: ['applicants', 'categories'],
    load: () => import('../applicants/applicants-view.js').then((module) => module.Applicants),
  },
  ...dossier('applicant', '', COUNTER, () => import('../dossier/dossier-view.js').then((m) => m.Dossier)),
  ...dossier('compare', '/compare', COUNTER, () =>
    import('../dossier/compare-view.js').then((m) => m.Compare),
  ),
  ...dossier('unknown', '/unknown', COUNTER, () =>
    import('../dossier/unknown-view.js').then((m) => m.Unknown),
  ),
  ...dossier(
    'simulate',
    '/simulate',
    ADVISOR,
    () => import('../simulate/simulate-view.js').then((m) => m.Simulate),
    ['simulate'],
  ),
  ...dossier('offer', '/offer', ADVISOR, () => import('../simulate/offer-view.js').then((m) => m.Offer), [
    'simulate',
  ]),
  ...dossier('decide', '/decide', ADVISOR, () => import('../decide/decide-view.js').then((m) => m.Decide), [
    'decide',
  ]),
  {
    name: 'decision',
    pattern: '/decisions/:id',
    section: 'applicants',
    roles: ['advisor', 'operator', 'data-scientist'],
    texts: ['dossier', 'decide', 'categories'],
    load: () => import('../decide/decision-view.js').then((module) => module.Decision),
  },
  {
    name: 'new',
    pattern: '/new',
    section: 'new',
    nav: true,
    roles: ['advisor', 'data-scientist'],
    texts: ['dossier', 'manual', 'decide', 'categories'],
    load: () => import('../manual/manual-view.js').then((module) => module.Manual),
  },
  {
    name: 'upload',
    pattern: '/upload',
    section: 'upload',
    nav: true,
    roles: FILES,
    texts: ['batches'],
    load: () => import('../batches/upload-view.js').then((module) => module.Upload),
  },
  {
    name: 'paste',
    pattern: '/upload/paste',
    section: 'upload',
    roles: COUNTER,
    texts: ['batches', 'paste', 'categories'],
    load: () => import('../batches/pasted/paste-view.js').then((module) => module.Paste),
  },
  {
    name: 'batch',
    pattern: '/upload/:batch',
    section: 'upload',
    roles: FILES,
    texts: ['batches'],
    load: () => import('../batches/batch-view.js').then((module) => module.Batch),
  },
  {
    name: 'operations',
    pattern: '/operations',
    section: 'operations',
    nav: true,
    roles: WATCHING,
    texts: ['operations', 'batches'],
    load: () => import('../operations/status-view.js').then((module) => module.Status),
  },
  {
    name: 'drift',
    pattern: '/operations/drift',
    section: 'operations',
    roles: WATCHING,
    texts: ['operations', 'batches'],
    load: () => import('../operations/drift-view.js').then((module) => module.Drift),
  },
  {
    name: 'drift-run',
    pattern: '/operations/drift/:run',
    section: 'operations',
    roles: WATCHING,
    texts: ['operations', 'batches'],
    load: () => import('../operations/drift-run-view.js').then((module) => module.DriftRun),
  },
  {
    name: 'repair',
    pattern: '/upload/:batch/repair',
    section: 'upload',
    roles: COUNTER,
    texts: ['batches', 'repair', 'categories'],
    load: () => import('../batches/rejects/repair-view.js').then((module) => module.Repair),
  },
  {
    name: 'card',
    pattern: '/model/card',
    section: 'model',
    nav: true,
    texts: ['model'],
    load: () => import('../model/model-card-view.js').then((module) => module.ModelCard),
  },
  {
    name: 'versions',
    pattern: '/model/versions',
    section: 'model',
    roles: WATCHING,
    texts: ['model'],
    load: () => import('../model/versions-view.js').then((module) => module.Versions),
  },
  {
    name: 'version',
    pattern: '/model/versions/:version',
    section: 'model',
    roles: WATCHING,
    texts: ['model'],
    load: () => import('../model/version-view.js').then((module) => module.Version),
  },
  ...['help', 'help-page'].map((name) => ({
    name,
    pattern: name === 'help' ? '/help' : '/help/:page',
    section: 'help',
    texts: ['help'],
    load: () => import('../help/help-view.js').then((module) => module.Help),
  })),
  {
    name: 'account',
    pattern: '/account',
    section: 'account',
    texts: ['session'],
    load: () => import('../session/account-view.js').then((module) => module.AccountPage),
  },
  {
    name: 'missing',
    pattern: '',
    section: '',
    load: () => import('../components/missing-view.js').then((module) => module.Missing),
  },
];

/** Where each role begins; who has several begins where the first of them does. */
const HOMES = [
  ['advisor', 'applicants'],
  ['back-office', 'upload'],
  ['operator', 'operations'],
  ['data-scientist', 'card'],
];

/** One of the views of a dossier: they share their head, so they need its texts, too. */
function dossier(name, path, roles, load, texts = []) {
  const pattern = `/applicants/:id${path}`;
  return [{ name, pattern, section: 'applicants', roles, texts: ['dossier', 'categories', ...texts], load }];
}

/** @param {string} name @returns {View | undefined} */
export function viewOf(name) {
  return VIEWS.find((view) => view.name === name);
}

/** @param {View} view @param {string[]} roles */
export function mayShow(view, roles) {
  return !view.roles || view.roles.some((role) => roles.includes(role));
}

/** @param {string[]} roles @returns {string} name of the view that they begin with */
export function homeOf(roles) {
  return HOMES.find(([role]) => roles.includes(role))?.[1] ?? 'card';
}

/** @param {string[]} roles @returns {View[]} what the navigation leads them to */
export function sectionsOf(roles) {
  return VIEWS.filter((view) => view.nav && mayShow(view, roles));
}
