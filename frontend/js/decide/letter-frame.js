/** A letter, as a sheet of its own; to print or to keep. */
import { readDocument, showDocument } from '../components/html-document.js';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useMemo, useRef } from '../core/preact.js';

/** The sheet is the page's; the letter's own header stays one line. */
const FIT = `body { margin: 0; max-width: none; background: none }
  .header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 2rem }`;

/** @param {{text: string, name: string}} props text: HTML of the service; name : of the file to keep */
export function LetterFrame({ text, name }) {
  const { t } = useLanguage();
  const host = useRef(null);
  const url = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'text/html' })), [text]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  useEffect(() => showDocument(host.current, readDocument(text), FIT), [text]);
  return html`
    <div class="letter">
      <div class="letter-sheet" ref=${host} role="document" aria-label=${t('letter.title')} tabindex="0"></div>
      <p class="form-actions no-print">
        <button type="button" class="button" onClick=${() => print()}><${Icon} name="print" />${t('letter.print')}</button>
        <a class="button" href=${url} download=${name}><${Icon} name="download" />${t('letter.keep')}</a>
      </p>
    </div>`;
}
