/** What the model makes of the values of a column: how far they move the log-odds, and by how much that differs. */
import { Figure } from '../components/figure.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';

/**
 * @typedef {{value: number | string | null, rows: number, low: number, median: number, high: number}} Bin
 * @typedef {{name: string, label: Record<string, string>, is_category: boolean, bins: Bin[]}} Curve
 *   bins : of as many applicants each, by value; low, high : between them lie eight of ten
 * @param {{curves: Curve[]}} props
 */
export function Dependence({ curves }) {
  const { t, lang } = useLanguage();
  const [name, setName] = useState(curves[0].name);
  const shown = curves.find((curve) => curve.name === name) ?? curves[0];
  return html`
    <section class="card" aria-labelledby="dependence-title">
      <h2 id="dependence-title">${t('dependence.title')}</h2>
      <p class="card-help">${t('dependence.help')}</p>
      <div class="field">
        <label for="dependence-column">${t('dependence.column')}</label>
        <select id="dependence-column" class="input" value=${shown.name} onChange=${(event) => setName(event.currentTarget.value)}>
          ${curves.map((curve) => html`<option key=${curve.name} value=${curve.name}>${curve.label[lang]}</option>`)}
        </select>
      </div>
      <${Curve} key=${shown.name} curve=${shown} />
    </section>`;
}

function Curve({ curve }) {
  const { t, lang, format } = useLanguage();
  const { bins } = curve;
  const least = Math.min(0, ...bins.map((bin) => bin.low));
  const span = Math.max(0, ...bins.map((bin) => bin.high)) - least || 1;
  const at = (value) => `${((100 * (value - least)) / span).toFixed(2)}%`;
  const told = (bin) =>
    bin.value === null
      ? t('form.none')
      : typeof bin.value === 'string'
        ? bin.value
        : format.number(Number(bin.value.toPrecision(3)));
  const numbers = ['low', 'median', 'high'];
  const heads = [
    { label: t('dependence.value') },
    ...numbers.map((name) => ({ label: t(`dependence.${name}`), kind: /** @type {'number'} */ ('number') })),
    { label: t('report.applicants'), kind: /** @type {'number'} */ ('number') },
  ];
  const rows = bins.map((bin, place) => ({
    key: String(place),
    cells: [told(bin), ...numbers.map((name) => format.signedFine(bin[name])), format.number(bin.rows)],
  }));
  const highest = bins.reduce((best, bin) => (bin.median > best.median ? bin : best));
  const lowest = bins.reduce((best, bin) => (bin.median < best.median ? bin : best));
  return html`
    <${Figure} level=${3} title=${curve.label[lang]} sentence=${t('dependence.sentence', told(highest), told(lowest))} heads=${heads} rows=${rows}>
      <div class="dependence" aria-hidden="true">
        ${bins.map(
          (bin, place) => html`
          <div key=${place} class="dependence-row">
            <span class="number">${told(bin)}</span>
            <span class="reach">
              <span class="reach-limit" style=${{ left: at(0) }}></span>
              <span class="reach-bar" style=${{ left: at(bin.low), width: at(bin.high - bin.low + least) }}></span>
              <span class="reach-now" style=${{ left: at(bin.median) }}></span>
            </span>
          </div>`,
        )}
      </div>
    <//>`;
}
