/** The head that the views of operations share: title, parts, when it was asked. */
import { PageTitle } from '../components/page-title.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { route } from '../core/router.js';

const PARTS = ['operations', 'drift'];

/** @param {{title: string, lead?: string, children: unknown}} props */
export function OperationsFrame({ title, lead, children }) {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <div class="page-head">
        <${PageTitle}>${title}<//>
        ${lead && html`<p class="meta">${lead}</p>`}
        <nav class="parts" aria-label=${t('operations.parts')}>
          ${PARTS.map((name) => html`<a key=${name} class="part" href=${hrefFor(name)} aria-current=${route.value.name === name ? 'page' : null}>${t(`operations.part.${name}`)}</a>`)}
        </nav>
      </div>
      ${children}
    </div>`;
}
