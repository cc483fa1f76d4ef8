/**
 * What can go wrong between the page and the API, told in one shape.
 *
 * @typedef {'problem' | 'network' | 'timeout' | 'unreadable'} Kind
 * @typedef {{field: string, value: unknown, allowed?: string}} FieldError
 */

export class ApiError extends Error {
  /**
   * @param {Kind} kind
   * @param {{status?: number, title?: string, detail?: string, requestId?: string, errors?: FieldError[]}} [facts]
   */
  constructor(kind, { status = 0, title = '', detail = '', requestId = '', errors = [] } = {}) {
    super(title || kind);
    this.name = 'ApiError';
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = errors;
  }

  /** A passing trouble: the same call may work a little later. */
  get retryable() {
    return this.kind !== 'problem' || this.status === 429 || this.status >= 500;
  }
}

/**
 * Reads an answer that is not 2xx. Problem details (RFC 9457) where the API wrote them; a gateway
 * or a proxy in between writes its own shapes, of which the status and the request id remain.
 *
 * @param {Response} response
 */
export async function errorFromResponse(response) {
  const body = await readJson(response);
  return new ApiError('problem', {
    status: response.status,
    title: text(body.title) || text(body.message),
    detail: text(body.detail),
    requestId: text(body.request_id) || requestIdOf(response.headers),
    errors: fieldErrors(body.errors),
  });
}

/** @param {unknown} cause what fetch threw */
export function errorFromFetch(cause) {
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new ApiError(timedOut ? 'timeout' : 'network');
}

async function readJson(response) {
  try {
    const body = await response.json();
    return body && typeof body === 'object' ? body : {};
  } catch {
    return {};
  }
}

function requestIdOf(headers) {
  return (
    headers.get('apigw-requestid') ?? headers.get('x-amzn-requestid') ?? headers.get('x-amz-cf-id') ?? ''
  );
}

function fieldErrors(errors) {
  if (!Array.isArray(errors)) return [];
  return errors.filter((error) => error && typeof error.field === 'string');
}

function text(value) {
  return typeof value === 'string' ? value : '';
}
