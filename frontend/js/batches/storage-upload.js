/** Sends a file straight to the storage through a presigned address. */

/** The address takes a file once: one of an earlier try, whose answer was lost, is there. */
const ARRIVED = 412;

/** Why a file did not arrive; `code` is refused, lost or cancelled. */
export class UploadError extends Error {
  constructor(code, status = 0) {
    super(code);
    this.name = 'UploadError';
    this.code = code;
    this.status = status;
  }
}

/**
 * XMLHttpRequest, because fetch does not tell how much has been sent.
 *
 * @param {{url: string, method?: string, headers?: Record<string, string>}} target answer of POST /uploads
 * @param {File} file
 * @param {{onProgress: (share: number) => void, signal: AbortSignal}} options share in [0, 1]
 * @returns {Promise<void>}
 */
export function sendFile({ url, method = 'PUT', headers = {} }, file, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () =>
      request.status < 300 || request.status === ARRIVED
        ? resolve()
        : reject(new UploadError('refused', request.status));
    request.onerror = () => reject(new UploadError('lost'));
    request.onabort = () => reject(new UploadError('cancelled'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
