/** A view that another role works with. */
import { Empty } from './empty.js';
import { PageTitle } from './page-title.js';
import { HOME, hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

export function Forbidden() {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <${PageTitle}>${t('forbidden.title')}<//>
      <${Empty} title=${t('forbidden.help')}>
        <a class="button" href=${hrefFor(HOME)}>${t('missing.home')}</a>
      <//>
    </div>`;
}
