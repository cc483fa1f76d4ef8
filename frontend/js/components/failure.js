/** An error of the API in words: what happened, which fields, the request to quote, and a way out. */
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { Icon } from './icon.js';
import { Table } from './table.js';

const WORDED = [400, 401, 403, 404, 409, 413, 422, 429, 503];

/**
 * @param {{error: import('../core/api-error.js').ApiError, onRetry?: () => void, words?: Record<string, string>}} props
 *   words : title of a refusal -> text of the page that says the same in the reader's language
 */
export function Failure({ error, onRetry, words = {} }) {
  const { t } = useLanguage();
  return html`
    <section class="failure" role="alert">
      <${Icon} name="alert" />
      <div class="failure-body">
        <h2>${headline(error, t)}</h2>
        ${explanation(error, words, t).map(({ line, lang }) => html`<p key=${line} lang=${lang}>${line}</p>`)}
        ${error.errors?.length > 0 && html`<${FieldErrors} errors=${error.errors} />`}
        ${error.requestId && html`<${RequestId} id=${error.requestId} />`}
        ${onRetry && html`<button type="button" class="button" onClick=${onRetry}>${t('error.retry')}</button>`}
      </div>
    </section>`;
}

/** What an operator finds the call by; one click copies it. */
function RequestId({ id }) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(id).then(() => setCopied(true));
  return html`
    <p class="request">
      ${t('error.requestId')} <code>${id}</code>${' '}
      <button type="button" class="link-button" onClick=${copy}>${t(copied ? 'error.copied' : 'error.copy')}</button>
    </p>`;
}

/** The page words what it knows in the advisor's language; the API's own words follow below. */
function headline(error, t) {
  if (error.kind && error.kind !== 'problem') return t(`error.${error.kind}`);
  return t(`error.status.${WORDED.includes(error.status) ? error.status : 'other'}`);
}

/**
 * The API speaks English, and a voice that reads it out has to know.
 *
 * @returns {{line: string, lang?: string}[]}
 */
function explanation(error, words, t) {
  if (error.kind && error.kind !== 'problem') return [{ line: t(`error.${error.kind}Help`) }];
  if (error.title in words) return [{ line: t(words[error.title]) }];
  const title = error.title && !error.detail?.startsWith(error.title) ? error.title : '';
  return [title, error.detail].filter(Boolean).map((line) => ({ line, lang: 'en' }));
}

function FieldErrors({ errors }) {
  const { t } = useLanguage();
  const shown = (value) => (value === undefined || value === null ? '—' : String(value));
  const heads = ['field', 'value', 'allowed'].map((key) => ({ label: t(`error.${key}`) }));
  const rows = errors.map(({ field, value, allowed }) => ({
    key: field,
    cells: [html`<code>${field}</code>`, shown(value), shown(allowed)],
  }));
  return html`<${Table} heads=${heads} rows=${rows} />`;
}
