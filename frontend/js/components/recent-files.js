/** Files sent from this tab, each a link to its result. */
import { useLanguage } from '../language.js';
import { html } from '../preact.js';
import { recentFiles } from '../recent-files.js';
import { hrefFor } from '../routes.js';
import { Icon } from './icon.js';

export function RecentFiles() {
  const { t, format } = useLanguage();
  const files = recentFiles();
  if (files.length === 0) return null;
  return html`
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">${t('upload.recent')}</h2>
      <ul class="list list-card">
        ${files.map(
          ({ batch, name, branch, at }) => html`
          <li key=${batch}>
            <a class="list-row files" href=${hrefFor('batch', { batch })}>
              <span class="list-id">${name}</span>
              <span class="list-date">${branch} · ${format.dateTime(at)}</span>
              <${Icon} name="chevron" />
            </a>
          </li>`,
        )}
      </ul>
    </section>`;
}
