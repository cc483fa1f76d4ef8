/**
 * The model's identity card, from GET /model. What the API does not tell is left out.
 *
 * @typedef {{version: string, sha256?: string, cutoff?: number, cost_ratio?: number, promoted_at?: string,
 *   features?: unknown[] | number, training?: {rows?: number}, metrics?: Record<string, number>}} Model
 */
import { useLanguage } from '../core/language.js';
import { html, useEffect, useRef } from '../core/preact.js';
import { Icon } from '../components/icon.js';

const SHARES = ['approval_rate', 'recall'];
const METRICS = [
  'auc',
  'gini',
  'ks',
  'brier',
  'ece',
  'approval_rate',
  'recall',
  'business_cost_per_applicant',
];

/** @param {{model: Model, onClose: () => void}} props */
export function ModelPanel({ model, onClose }) {
  const { t } = useLanguage();
  const dialog = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const close = () => dialog.current.close();
  const closeOutside = (event) => event.target === dialog.current && close();
  return html`
    <dialog class="panel" ref=${dialog} onClose=${onClose} aria-labelledby="model-title" onClick=${closeOutside}>
      <div class="panel-body">
        <div class="panel-head">
          <h2 id="model-title">${t('model.title')}</h2>
          <button type="button" class="button quiet icon-only" aria-label=${t('model.close')} onClick=${close}>
            <${Icon} name="close" />
          </button>
        </div>
        <p class="panel-note">${t('model.note')}</p>
        <${Identity} model=${model} />
        <${Quality} metrics=${model.metrics} />
      </div>
    </dialog>`;
}

function Identity({ model }) {
  const { t, format } = useLanguage();
  const features = Array.isArray(model.features) ? model.features.length : model.features;
  const rows = [
    ['model.version', html`<code>${model.version}</code>`],
    ['model.promoted', model.promoted_at && format.date(model.promoted_at)],
    ['model.cutoff', model.cutoff !== undefined && format.percent(model.cutoff)],
    ['model.ratio', model.cost_ratio && t('model.ratioValue', format.number(model.cost_ratio))],
    ['model.features', features && format.number(features)],
    ['model.rows', model.training?.rows && t('model.rowsValue', format.number(model.training.rows))],
    ['model.sha', model.sha256 && html`<code class="hash">${model.sha256}</code>`],
  ];
  return html`
    <dl class="pairs">
      ${rows
        .filter(([, value]) => value)
        .map(
          ([key, value]) => html`
        <div key=${key} class="pair"><dt>${t(key)}</dt><dd>${value}</dd></div>`,
        )}
    </dl>`;
}

function Quality({ metrics = {} }) {
  const { t, format } = useLanguage();
  const known = METRICS.filter((name) => typeof metrics[name] === 'number');
  if (known.length === 0) return null;
  const shown = (name) =>
    SHARES.includes(name) ? format.percent(metrics[name]) : format.number(metrics[name]);
  return html`
    <h3>${t('model.quality')}</h3>
    <dl class="metrics">
      ${known.map((name) => html`<div key=${name} class="metric"><dt>${t(`metric.${name}`)}</dt><dd>${shown(name)}</dd></div>`)}
    </dl>`;
}
