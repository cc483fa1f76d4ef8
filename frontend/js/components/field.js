/** A labelled text field, with its hint and its error tied to it for a screen reader. */
import { html, useId } from '../core/preact.js';

/** @param {{id?: string, label: string, hint?: string, error?: string | null, children?: unknown}} props the rest goes to the input */
export function Field({ id: given, label, hint, error, children, ...input }) {
  const made = useId();
  const id = given ?? made;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      <div class="field-box">
        <input id=${id} class="input" aria-describedby=${described || null} aria-invalid=${error ? 'true' : null} ...${input} />
        ${children}
      </div>
      ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
      ${error && html`<p class="field-error" id=${`${id}-error`}>${error}</p>`}
    </div>`;
}
