/** How a file was read, and which of its columns were renamed or did not count: where a wrong export shows itself. */
import { dialectOf } from './batch-record.js';
import { ColumnsTold } from './reading-before.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** @param {{manifest: Record<string, any>}} props */
export function BatchReading({ manifest }) {
  const { t, format } = useLanguage();
  const pairs = dialectOf(manifest);
  const { ignored_columns: ignored = [], renamed_columns: renamed = [], empty_rows: empty = 0 } = manifest;
  if (pairs.length + ignored.length + renamed.length + empty === 0) return null;
  return html`
    <section class="card" aria-labelledby="reading-title">
      <h2 id="reading-title">${t('batch.reading')}</h2>
      <dl class="reading">
        ${pairs.map(
          ({ kind, code, name }) => html`
          <div key=${kind}><dt>${t(`reading.${kind}`)}</dt><dd>${name ?? t(`reading.${kind}.${code}`)}</dd></div>`,
        )}
      </dl>
      ${empty > 0 && html`<p class="card-help">${t('reading.empty', empty, format.number(empty))}</p>`}
      <${ColumnsTold} renamed=${renamed.map(({ sent, read_as: name }) => ({ sent, name }))} ignored=${ignored} />
    </section>`;
}
