/** A sample file and the columns to take away, as CSV or as a workbook. */
import { columnSheet, sampleSheet } from './sample.js';
import { asCsv, asXlsx, download } from './sheet.js';
import { Icon } from '../../components/icon.js';
import { useLanguage } from '../../core/language.js';
import { html } from '../../core/preact.js';
import { useContract } from '../../core/use-contract.js';

export function SampleDownloads() {
  const language = useLanguage();
  const { t, lang } = language;
  const { contract } = useContract();
  const sheets = {
    sample: () => sampleSheet(contract.fields, t('sample.sample')),
    columns: () => columnSheet(contract.fields, language, t('sample.columns')),
  };
  const take = async (what, kind) => {
    const sheet = sheets[what]();
    const blob = kind === 'csv' ? asCsv(sheet, lang) : await asXlsx(sheet);
    download(blob, `${t(`sample.file.${what}`)}.${kind}`);
  };
  return html`
    <section class="aside-note" aria-labelledby="sample-title">
      <h2 id="sample-title">${t('sample.title')}</h2>
      <p>${t('sample.help')}</p>
      ${Object.keys(sheets).map(
        (what) => html`
        <div key=${what} class="sample-row">
          <span>${t(`sample.${what}`)}</span>
          ${['csv', 'xlsx'].map(
            (kind) => html`
            <button key=${kind} type="button" class="button" disabled=${!contract} onClick=${() => take(what, kind)}>
              <${Icon} name="download" /><span class="visually-hidden">${t(`sample.${what}`)} </span>${kind.toUpperCase()}
            </button>`,
          )}
        </div>`,
      )}
    </section>`;
}
