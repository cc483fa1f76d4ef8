/**
 * The only place that calls the API: adds the token, reads JSON, turns every failure into an ApiError.
 *
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
  const call = (method, path, body, signal) => request(settings, method, path, body, signal);
  const get = (path, signal) => call('GET', path, undefined, signal);
  const segment = encodeURIComponent;
  return {
    model: (signal) => get('/model', signal),
    findApplicants: (query, signal) => get(`/applicants?query=${segment(query)}`, signal),
    applicant: (id, signal) => get(`/applicants/${segment(id)}`, signal),
    score: (id, signal) => get(`/applicants/${segment(id)}/score`, signal),
    requestUpload: (branch, filename) => call('POST', '/uploads', { branch, filename }),
    batch: (batch, signal) => get(`/batches/${segment(batch)}`, signal),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

async function request(settings, method, path, body, signal) {
  const response = await send(settings, method, path, body, signal);
  if (response.ok) return readBody(response);
  if (response.status === 401) settings.onUnauthorized();
  throw await errorFromResponse(response);
}

async function send(
  { base, token, language, fetch: fetcher = fetch, timeout = 30_000 },
  method,
  path,
  body,
  signal,
) {
  const headers = { Accept: 'application/json', 'Accept-Language': language() };
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

async function readBody(response) {
  try {
    return await response.json();
  } catch {
    throw new ApiError('unreadable', { status: response.status });
  }
}
