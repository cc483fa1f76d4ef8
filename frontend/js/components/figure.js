/** A figure: what it is, one sentence that says what it shows, the picture, and the same as a table. */
import { Table } from './table.js';
import { useLanguage } from '../core/language.js';
import { html, useId, useState } from '../core/preact.js';

/**
 * @param {{title: string, sentence: string, heads: import('./table.js').Head[],
 *   rows: import('./table.js').TableRow[], level?: 2 | 3, children: unknown}} props
 *   children : the picture; who cannot see it is told the sentence, and finds the numbers in the table
 */
export function Figure({ title, sentence, heads, rows, level = 2, children }) {
  const { t } = useLanguage();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const Heading = `h${level}`;
  return html`
    <figure class="figure" aria-labelledby=${id}>
      <figcaption class="figure-head">
        <${Heading} id=${id}>${title}<//>
        <p class="figure-sentence">${sentence}</p>
      </figcaption>
      ${asTable ? html`<${Table} heads=${heads} rows=${rows} />` : html`<div class="figure-picture">${children}</div>`}
      <button type="button" class="link-button figure-toggle no-print" aria-pressed=${String(asTable)} onClick=${() => setAsTable(!asTable)}>
        ${t(asTable ? 'figure.picture' : 'figure.table')}<span class="visually-hidden"> · ${title}</span>
      </button>
    </figure>`;
}
