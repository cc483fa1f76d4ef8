/** How a file stands, in one word that does not rest on its colour. */
import { useLanguage } from '../language.js';
import { html } from '../preact.js';
import { Icon } from './icon.js';

const SIGNS = { finished: 'accept', failed: 'alert' };

/** @param {{status: import('../batch.js').Status}} props */
export function BatchStatus({ status }) {
  const { wordFor } = useLanguage();
  const sign = SIGNS[status] ? html`<${Icon} name=${SIGNS[status]} />` : html`<span class="dot"></span>`;
  return html`<span class=${`status ${status}`}>${sign}${wordFor('status', status)}</span>`;
}
