/** The files that show a finding: the monitor knows their digests, the reader their names. */
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles } from '../session/session.js';

/** As many of a branch as the API lists at once: the window is a week. */
const MOST_LISTED = 100;
const DIGITS = 12;

/** @param {{source: string, files: string[]}} props files : digests, or how they begin */
export function FindingFiles({ source, files }) {
  const { t } = useLanguage();
  const listed = useQuery(
    ['files-of', source],
    (signal) => api.batches({ branch: source, limit: MOST_LISTED }, signal),
    { enabled: source !== '' && mayShow(viewOf('batch'), roles.value) },
  );
  const items = listed.value?.items ?? [];
  const named = files.map((digest) => ({
    digest,
    batch: items.find((item) => item.digest?.startsWith(digest)),
  }));
  return html`
    <p class="card-help">
      ${t('drift.files', files.length)}${named.map(
        ({ digest, batch }, place) =>
          html`${place > 0 && ', '}${
            batch
              ? html`<a key=${digest} href=${hrefFor('batch', { batch: batch.batch })}>${batch.file}</a>`
              : html`<code key=${digest}>${digest.slice(0, DIGITS)}</code>`
          }`,
      )}
    </p>`;
}
