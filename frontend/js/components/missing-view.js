/** An address that leads nowhere. */
import { Empty } from './empty.js';
import { PageTitle } from './page-title.js';
import { HOME, hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

export function Missing() {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <${PageTitle}>${t('missing.title')}<//>
      <${Empty} title=${t('missing.help')}>
        <a class="button" href=${hrefFor(HOME)}>${t('missing.home')}</a>
      <//>
    </div>`;
}
