/** How a file was read, and which of its columns did not count: where a wrong export shows itself. */
import { dialectOf } from './batch-record.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

/** @param {{manifest: Record<string, any>}} props */
export function BatchReading({ manifest }) {
  const { t } = useLanguage();
  const pairs = dialectOf(manifest);
  const ignored = manifest.ignored_columns ?? [];
  if (pairs.length + ignored.length === 0) return null;
  return html`
    <section class="card" aria-labelledby="reading-title">
      <h2 id="reading-title">${t('batch.reading')}</h2>
      <dl class="reading">
        ${pairs.map(
          ({ kind, code, name }) => html`
          <div key=${kind}><dt>${t(`reading.${kind}`)}</dt><dd>${name ?? t(`reading.${kind}.${code}`)}</dd></div>`,
        )}
      </dl>
      ${ignored.length > 0 && html`<${Ignored} names=${ignored} />`}
    </section>`;
}

function Ignored({ names }) {
  const { t, format } = useLanguage();
  return html`
    <details class="ignored">
      <summary>${t('batch.ignored', names.length, format.number(names.length))}</summary>
      <p class="card-help">${t('batch.ignoredHelp')}</p>
      <p class="names">${names.map((name) => html`<code key=${name}>${name}</code> `)}</p>
    </details>`;
}
