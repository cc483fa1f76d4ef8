/** The live parts that views share: the configuration and the API, set once at the start. */
import { createApi } from './api.js';
import { lang, setCurrency } from './language.js';
import { currentToken, endSession } from '../session/session.js';

/** @type {import('./config.js').Config} */
export let config;
/** @type {import('./api.js').Api} */
export let api;

/** @param {import('./config.js').Config} loaded */
export function startServices(loaded) {
  config = loaded;
  if (loaded.currency) setCurrency(loaded.currency);
  api = createApi({
    base: loaded.apiBase,
    token: () => currentToken(loaded),
    language: () => lang.value,
    onUnauthorized: endSession,
  });
}
