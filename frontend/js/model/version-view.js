/** One version: whether it may serve, what it is worth, and what it does to whom. */
import { Candidates } from './candidates.js';
import { Comparison } from './comparison.js';
import { Dependence } from './dependence.js';
import { ModelParts } from './model-parts.js';
import { Policy } from './policy.js';
import { Calibration, Figures, Groups, Importance, Lineage } from './report.js';
import { Failure } from '../components/failure.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

export function Version({ version }) {
  const { t } = useLanguage();
  const { state, value, error, reload } = useQuery(['model-version', version], (signal) =>
    api.modelVersion(version, signal),
  );
  return html`
    <div class="page">
      <div class="page-head">
        <p class="crumbs"><a href=${hrefFor('versions')}>${t('versions.title')}</a></p>
        <${PageTitle}>${t('version.title', version)}<//>
        <${ModelParts} />
      </div>
      <div class="stack">
        <${Comparison} version=${version} />
        ${state === 'failed' && html`<${Failure} error=${error} onRetry=${reload} />`}
        ${state === 'loading' && html`<${Skeleton} shapes=${['block', 'block']} />`}
        ${value && html`<${Report} report=${value.report} />`}
      </div>
    </div>`;
}

function Report({ report }) {
  return html`
    <${Figures} metrics=${report.metrics} anchor=${report.anchor} />
    ${report.cutoff?.grid && html`<${Policy} cutoff=${report.cutoff} />`}
    ${report.calibration && html`<${Calibration} bins=${(report.calibration.after ?? report.calibration.before).bins} />`}
    ${report.explanations && html`<${Importance} explanations=${report.explanations} />`}
    ${report.explanations?.dependence?.length > 0 && html`<${Dependence} curves=${report.explanations.dependence} />`}
    ${report.fairness && html`<${Groups} fairness=${report.fairness} />`}
    ${report.comparison && html`<${Candidates} comparison=${report.comparison} />`}
    ${report.lineage && html`<${Lineage} report=${report} />`}`;
}
