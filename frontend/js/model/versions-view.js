/** Every version of the model, what waits for a second person, and what served from when to when. */
import { ModelParts } from './model-parts.js';
import { Proposals } from './proposals.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { Table } from '../components/table.js';
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

const MOST = 500;

export function Versions() {
  const { t } = useLanguage();
  const models = useQuery(['models'], loadAll);
  const promotions = useQuery(['promotions'], (signal) => api.promotions(signal));
  // What is asked for together is drawn together: what came later would move what stands there.
  const isLoading = [models, promotions].some(({ state }) => state === 'loading');
  return html`
    <div class="page">
      <div class="page-head">
        <${PageTitle}>${t('versions.title')}<//>
        <${ModelParts} />
      </div>
      ${isLoading ? html`<${Skeleton} shapes=${['line', 'row', 'row']} />` : html`<${Lists} models=${models} promotions=${promotions} />`}
    </div>`;
}

function Lists({ models, promotions }) {
  return html`
    <div class="stack">
      <${OrFailure} query=${promotions}>${(value) => html`<${Proposals} proposals=${value.proposals} />`}<//>
      <${OrFailure} query=${models}>${(value) => html`<${VersionList} items=${value.items} />`}<//>
      <${OrFailure} query=${promotions}>${(value) => html`<${PromotionHistory} history=${value.history} />`}<//>
    </div>`;
}

/** Page by page: somebody compares versions, and there are tens of them rather than thousands. */
async function loadAll(signal) {
  const items = [];
  let cursor = '';
  do {
    const page = await api.models(cursor, signal);
    items.push(...page.items);
    cursor = page.cursor ?? '';
  } while (cursor && items.length < MOST);
  return { items };
}

function OrFailure({ query: { state, value, error, reload }, children }) {
  return state === 'failed' ? html`<${Failure} error=${error} onRetry=${reload} />` : children(value);
}

function VersionList({ items }) {
  const { t, format } = useLanguage();
  const heads = [
    { label: t('model.version') },
    { label: t('versions.published') },
    { label: t('metric.auc'), kind: 'number' },
    { label: t('versions.cost'), kind: 'number' },
    { label: t('metric.approval_rate'), kind: 'number' },
    { label: t('model.features'), kind: 'number' },
  ];
  const rows = items.map(({ version, serves, problem, published_at: at, metrics, features }) => ({
    key: version,
    cells: [
      html`<a href=${hrefFor('version', { version })}><code>${version}</code></a>
        ${serves && html` <span class="chip accept"><${Icon} name="check" />${t('versions.serves')}</span>`}
        ${problem && html` <span class="chip refuse"><${Icon} name="alert" />${t('versions.damaged')}</span>`}`,
      format.dateTime(at),
      figure(metrics.auc, format.number),
      figure(metrics.business_cost_per_applicant, format.number),
      figure(metrics.approval_rate, format.percent),
      figure(features, format.number),
    ],
  }));
  return html`
    <section class="card" aria-labelledby="versions-title">
      <h2 id="versions-title">${t('versions.all')}</h2>
      <${Table} heads=${heads} rows=${rows} />
    </section>`;
}

const figure = (value, told) => (value === null || value === undefined ? '—' : told(value));

function PromotionHistory({ history }) {
  const { t, format } = useLanguage();
  return html`
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">${t('versions.history')}</h2>
      <ol class="findings">
        ${history.map(
          (entry) => html`
          <li key=${entry.number} class="finding">
            <div class="finding-head">
              <strong>${t(`versions.kind.${entry.kind}`)}</strong>
              <code>${entry.version}</code>
              ${entry.replaced && html`<span class="finding-source">${t('versions.replaced', entry.replaced)}</span>`}
              ${entry.forced && html`<span class="chip refuse"><${Icon} name="alert" />${t('versions.forced')}</span>`}
            </div>
            <p>${entry.reason}</p>
            <p class="card-help">${t('versions.by', entry.promoted_by, format.dateTime(entry.promoted_at))}</p>
          </li>`,
        )}
      </ol>
    </section>`;
}
