/** An address that leads nowhere. */
import { Empty } from '../components/empty.js';
import { PageTitle } from '../components/page-title.js';
import { useLanguage } from '../language.js';
import { html } from '../preact.js';
import { hrefFor } from '../routes.js';

export function Missing() {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <${PageTitle}>${t('missing.title')}<//>
      <${Empty} title=${t('missing.help')}>
        <a class="button" href=${hrefFor('applicants')}>${t('missing.home')}</a>
      <//>
    </div>`;
}
