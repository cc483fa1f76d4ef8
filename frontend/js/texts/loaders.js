/** Where each section of texts comes from: one file a section and language, fetched when it is needed. */

/** @type {Record<string, Record<string, () => Promise<{texts: object}>>>} */
const LOADERS = {
  fr: {
    core: () => import('./fr/core.js'),
    session: () => import('./fr/session.js'),
    applicants: () => import('./fr/applicants.js'),
    dossier: () => import('./fr/dossier.js'),
    simulate: () => import('./fr/simulate.js'),
    decide: () => import('./fr/decide.js'),
    manual: () => import('./fr/manual.js'),
    batches: () => import('./fr/batches.js'),
    repair: () => import('./fr/repair.js'),
    paste: () => import('./fr/paste.js'),
    model: () => import('./fr/model.js'),
    operations: () => import('./fr/operations.js'),
    help: () => import('./fr/help.js'),
  },
  en: {
    core: () => import('./en/core.js'),
    session: () => import('./en/session.js'),
    applicants: () => import('./en/applicants.js'),
    dossier: () => import('./en/dossier.js'),
    simulate: () => import('./en/simulate.js'),
    decide: () => import('./en/decide.js'),
    manual: () => import('./en/manual.js'),
    batches: () => import('./en/batches.js'),
    repair: () => import('./en/repair.js'),
    paste: () => import('./en/paste.js'),
    model: () => import('./en/model.js'),
    operations: () => import('./en/operations.js'),
    help: () => import('./en/help.js'),
  },
};

/** @param {'fr' | 'en'} lang @param {string} section @returns {Promise<Record<string, any>>} */
export async function loadTexts(lang, section) {
  if (section === 'categories') return (await import('./categories.js')).words[lang];
  return (await LOADERS[lang][section]()).texts;
}
