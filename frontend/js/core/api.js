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
  const call = async (method, path, body, signal, headers) =>
    readBody(await request(settings, method, path, { body, signal, headers }), 'json');
  const get = (path, signal) => call('GET', path, undefined, signal);
  const page = async (method, path, body, signal) =>
    readBody(await request(settings, method, path, { body, signal, accept: 'text/html' }), 'text');
  const segment = encodeURIComponent;
  const applicant = (id, part = '') => `/applicants/${segment(id)}${part}`;
  return {
    /** @returns {Promise<Schemas['ModelCard']>} */
    model: (signal) => get('/model', signal),
    /** @returns {Promise<{text: string, version: string}>} HTML, and whose it is */
    modelCard: async (signal) => {
      const response = await request(settings, 'GET', '/model/card', { signal, accept: 'text/html' });
      return { text: await readBody(response, 'text'), version: response.headers.get('Model-Version') ?? '' };
    },
    /** @returns {Promise<Schemas['ImportanceList']>} */
    importance: (signal) => get('/model/importance', signal),
    /** @returns {Promise<Schemas['FeatureList']>} */
    features: (signal) => get('/model/features', signal),
    /** @returns {Promise<Schemas['Contract']>} */
    contract: (signal) => get('/contract', signal),

    /**
     * @param {Record<string, string | number>} query empty: any
     * @returns {Promise<Schemas['ApplicantList']>}
     */
    findApplicants: (query, signal) => get(`/applicants?${searchOf(query)}`, signal),
    /** @returns {Promise<Schemas['Profile']>} */
    applicant: (id, signal) => get(applicant(id), signal),
    /** @returns {Promise<Schemas['Score']>} */
    score: (id, signal) => get(applicant(id, '/score'), signal),
    /** @returns {Promise<Schemas['Spread']>} */
    spread: (id, signal) => get(applicant(id, '/spread'), signal),
    /** @returns {Promise<Schemas['Unknown']>} */
    unknown: (id, signal) => get(applicant(id, '/unknown'), signal),
    /** @returns {Promise<Schemas['Places']>} */
    places: (id, signal) => get(applicant(id, '/places'), signal),
    /** @returns {Promise<Schemas['Peers']>} */
    peers: (id, signal) => get(applicant(id, '/peers'), signal),
    /** @returns {Promise<Schemas['Claim']>} */
    claim: (id) => call('PUT', applicant(id, '/claim')),
    /** @returns {Promise<Schemas['Claim']>} */
    release: (id) => call('DELETE', applicant(id, '/claim')),

    /** @returns {Promise<Schemas['Score']>} */
    predict: (application, signal) => call('POST', '/predict', application, signal),
    /** @returns {Promise<Schemas['ScoreList']>} */
    predictBatch: (applications, signal) => call('POST', '/predict/batch', { applications }, signal),
    /** @returns {Promise<Schemas['Simulation']>} */
    simulate: (body, signal) => call('POST', '/simulate', body, signal),
    /** @returns {Promise<Schemas['CounterOffer']>} */
    counterOffer: (body, signal) => call('POST', '/counter-offer', body, signal),
    /** @returns {Promise<Schemas['Counterfactuals']>} */
    counterfactuals: (body, signal) => call('POST', '/counterfactuals', body, signal),
    /** @returns {Promise<Schemas['Distribution']>} */
    distribution: (feature, query, signal) =>
      get(`/population/${segment(feature)}?${searchOf(query)}`, signal),
    /** @returns {Promise<Schemas['Scatter']>} */
    scatter: (query, signal) => get(`/population/scatter?${searchOf(query)}`, signal),

    /** @returns {Promise<Schemas['Models']>} */
    models: (cursor, signal) => get(`/models?${searchOf({ cursor })}`, signal),
    /** @returns {Promise<Schemas['ModelVersion']>} */
    modelVersion: (version, signal) => get(`/models/${segment(version)}`, signal),
    /** @returns {Promise<Schemas['ContestOf']>} */
    contest: (version, signal) => get(`/models/${segment(version)}/contest`, signal),
    /** @returns {Promise<Schemas['Promotions']>} */
    promotions: (signal) => get('/promotions', signal),
    /** @returns {Promise<Schemas['Promoted']>} the same key is the same promotion */
    promote: (body, key) => call('POST', '/promotions', body, undefined, { 'Idempotency-Key': key }),
    /** @returns {Promise<Schemas['Promoted']>} answer: approval or withdrawal */
    answerProposal: (id, answer, reason) => call('POST', `/promotions/${segment(id)}/${answer}`, { reason }),

    /** @returns {Promise<Schemas['Alarms']>} */
    alarms: (signal) => get('/alarms', signal),
    /** @returns {Promise<Schemas['AlarmHistory']>} */
    alarmHistory: (name, signal) => get(`/alarms/${segment(name)}/history`, signal),
    /** @returns {Promise<Schemas['Traffic']>} */
    traffic: (hours, signal) => get(`/traffic?hours=${hours}`, signal),
    /** @returns {Promise<Schemas['GivenUp']>} */
    givenUp: (signal) => get('/given-up', signal),
    /** @returns {Promise<Schemas['Redriven']>} */
    redrive: () => call('POST', '/given-up/redrive', {}),
    /** @returns {Promise<Schemas['DriftTrend']>} */
    driftTrend: (signal) => get('/drift/trend', signal),
    /** @returns {Promise<Schemas['DriftRun']>} */
    driftRun: (run, signal) => get(`/drift/${segment(run)}`, signal),
    /** @returns {Promise<Schemas['Acknowledgements']>} */
    acknowledgements: (signal) => get('/acknowledgements', signal),
    /** @returns {Promise<Schemas['Acknowledgement']>} */
    acknowledge: (body) => call('POST', '/acknowledgements', body),

    /** @returns {Promise<Schemas['DecisionList']>} */
    decisionsOf: (id, signal) => get(applicant(id, '/decisions'), signal),
    /** @returns {Promise<Schemas['Decision']>} */
    decision: (id, signal) => get(`/decisions/${segment(id)}`, signal),
    /** @returns {Promise<Schemas['Decision']>} key : the same for every try of one intention */
    decide: (body, key) => call('POST', '/decisions', body, undefined, { 'Idempotency-Key': key }),
    /** @returns {Promise<Schemas['Decision']>} */
    confirmDecision: (id, body) => call('POST', `/decisions/${segment(id)}/confirmation`, body),
    /** @returns {Promise<Schemas['Replay']>} */
    replay: (id) => call('POST', `/decisions/${segment(id)}/replay`, {}),
    /** @returns {Promise<string>} HTML */
    letter: (id, language, signal) =>
      page('GET', `/decisions/${segment(id)}/letter?${searchOf({ language })}`, undefined, signal),
    /** @returns {Promise<string>} HTML of a decision that nobody has taken yet */
    previewLetter: (body, language, signal) =>
      page('POST', `/decisions/preview?${searchOf({ language })}`, body, signal),

    /** @returns {Promise<Schemas['Upload']>} */
    requestUpload: (branch, file) =>
      call('POST', '/uploads', {
        branch,
        filename: file.name,
        bytes: file.size,
        language: settings.language(),
      }),
    /**
     * @param {Record<string, string | number>} query empty: any
     * @returns {Promise<Schemas['BatchList']>}
     */
    batches: (query, signal) => get(`/batches?${searchOf(query)}`, signal),
    /** @returns {Promise<Schemas['Batch']>} */
    batch: (batch, signal) => get(`/batches/${segment(batch)}`, signal),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

function searchOf(query) {
  return new URLSearchParams(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  );
}

async function request(settings, method, path, { accept = 'application/json', ...given }) {
  const response = await send(settings, method, path, { accept, ...given });
  if (response.ok) return response;
  if (response.status === 401) settings.onUnauthorized();
  throw await errorFromResponse(response);
}

async function send(
  { base, token, language, fetch: fetcher = fetch, timeout = 30_000 },
  method,
  path,
  { body = undefined, signal = undefined, accept, headers = {} },
) {
  const bearer = await token();
  /** @type {Record<string, string>} */
  const sent = { Accept: accept, 'Accept-Language': language(), ...headers };
  if (bearer) sent.Authorization = `Bearer ${bearer}`;
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  const signals = [AbortSignal.timeout(timeout), signal].filter(Boolean);
  try {
    return await fetcher(base + path, {
      method,
      headers: sent,
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
