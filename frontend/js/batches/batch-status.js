/** How a file stands, in one word that does not rest on its colour. */
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { Icon } from '../components/icon.js';

const SIGNS = { finished: 'accept', failed: 'alert' };

/** @param {{status: import('./batch-record.js').Status}} props */
export function BatchStatus({ status }) {
  const { wordFor } = useLanguage();
  const sign = SIGNS[status] ? html`<${Icon} name=${SIGNS[status]} />` : html`<span class="dot"></span>`;
  return html`<span class=${`status ${status}`}>${sign}${wordFor('status', status)}</span>`;
}
