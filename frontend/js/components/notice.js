/** One sentence that must be seen: an error is read out at once, the rest when there is a pause. */
import { html } from '../core/preact.js';
import { Icon } from './icon.js';

/** @param {{kind: 'error' | 'info' | 'good', children?: unknown}} props good : nothing is left to do */
export function Notice({ kind, children }) {
  const role = kind === 'error' ? 'alert' : 'status';
  return html`<p class=${`notice ${kind}`} role=${role}><${Icon} name=${kind === 'good' ? 'check' : 'alert'} /><span>${children}</span></p>`;
}
