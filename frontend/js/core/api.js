/**
 * The only place that calls the API: adds the token, reads JSON, turns every failure into an ApiError.
 *
 * What it answers has the types of the API's own description, made by `npm run types`.
 *
 * @typedef {import('../../types/api').components['schemas']} Schemas
 * @typedef {{
 *   base: string,
 *   token: () => Promise<string | null>,
 *   language: () => string,
 *   onUnauthorized: () => void,
 *   fetch?: typeof fetch,
 *   timeout?: number,
 * }} Settings
 */
import { ApiError, errorFromFetch, errorFromResponse } from './api-error.js';

/** @param {Settings} settings */
export function createApi(settings) {
  const call = async (method, path, body, signal) =>
    readBody(await request(settings, method, path, body, signal), 'json');
  const get = (path, signal) => call('GET', path, undefined, signal);
  const segment = encodeURIComponent;
  return {
    /** @returns {Promise<Schemas['ModelCard']>} */
    model: (signal) => get('/model', signal),
    /** @returns {Promise<{text: string, version: string}>} HTML, and whose it is */
    modelCard: async (signal) => {
      const response = await request(settings, 'GET', '/model/card', undefined, signal, 'text/html');
      return { text: await readBody(response, 'text'), version: response.headers.get('Model-Version') ?? '' };
    },
    /** @returns {Promise<Schemas['ApplicantList']>} */
    findApplicants: (query, signal) => get(`/applicants?query=${segment(query)}`, signal),
    /** @returns {Promise<Schemas['Profile']>} */
    applicant: (id, signal) => get(`/applicants/${segment(id)}`, signal),
    /** @returns {Promise<Schemas['Score']>} */
    score: (id, signal) => get(`/applicants/${segment(id)}/score`, signal),
    /** @returns {Promise<Schemas['Upload']>} */
    requestUpload: (branch, file) =>
      call('POST', '/uploads', {
        branch,
        filename: file.name,
        bytes: file.size,
        language: settings.language(),
      }),
    /**
     * @param {{branch?: string, status?: string, limit: number}} query empty: any
     * @returns {Promise<Schemas['BatchList']>}
     */
    batches: (query, signal) => get(`/batches?${searchOf(query)}`, signal),
    /** @returns {Promise<Schemas['Batch']>} */
    batch: (batch, signal) => get(`/batches/${segment(batch)}`, signal),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

function searchOf(query) {
  return new URLSearchParams(Object.entries(query).filter(([, value]) => value));
}

async function request(settings, method, path, body, signal, accept = 'application/json') {
  const response = await send(settings, method, path, body, signal, accept);
  if (response.ok) return response;
  if (response.status === 401) settings.onUnauthorized();
  throw await errorFromResponse(response);
}

async function send(
  { base, token, language, fetch: fetcher = fetch, timeout = 30_000 },
  method,
  path,
  body,
  signal,
  accept,
) {
  const headers = { Accept: accept, 'Accept-Language': language() };
  const bearer = await token();
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const signals = [AbortSignal.timeout(timeout), signal].filter(Boolean);
  try {
    return await fetcher(base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.any(signals),
      cache: 'no-store',
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw errorFromFetch(cause);
  }
}

/** @param {Response} response @param {'json' | 'text'} kind */
async function readBody(response, kind) {
  try {
    return await response[kind]();
  } catch {
    throw new ApiError('unreadable', { status: response.status });
  }
}
