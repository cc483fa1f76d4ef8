/** Rejected rows as a table: causes together, each field corrected in place, sent back as one file. */
import { nameOf } from '../batch-record.js';
import { Groups } from './repair-groups.js';
import { RepairTable } from './repair-table.js';
import { SendBar, Sent } from './repair-send.js';
import { useBench } from './use-bench.js';
import { Empty } from '../../components/empty.js';
import { Failure } from '../../components/failure.js';
import { PageTitle } from '../../components/page-title.js';
import { Skeleton } from '../../components/skeleton.js';
import { hrefFor } from '../../core/addresses.js';
import { useLanguage } from '../../core/language.js';
import { html, useState } from '../../core/preact.js';
import { route } from '../../core/router.js';

export function Repair({ batch: id }) {
  const { t } = useLanguage();
  const { sent } = route.value.query;
  return html`
    <div class="page repair">
      <div class="page-head">
        <nav class="crumbs" aria-label=${t('app.crumbs')}>
          <a href=${hrefFor('upload')}>${t('batch.back')}</a>
          <a href=${hrefFor('batch', { batch: id })}>${nameOf({ batch: id })}</a>
        </nav>
        <${PageTitle}>${t('repair.title')}<//>
      </div>
      ${sent ? html`<${Sent} key=${sent} first=${id} sent=${sent} />` : html`<${Opened} id=${id} />`}
    </div>`;
}

function Opened({ id }) {
  const { t } = useLanguage();
  const { state, error, bench, batch, reload } = useBench(id);
  if (state === 'failed') return html`<${Failure} error=${error} onRetry=${reload} />`;
  if (state === 'loading')
    return html`<p class="lead" role="status">${t('repair.reading')}</p><${Skeleton} shapes=${['line', 'half', 'half']} />`;
  if (state === 'nothing')
    return html`<${Empty} title=${t('repair.nothing')}><a class="button" href=${hrefFor('batch', { batch: id })}>${t('repair.toFile')}</a><//>`;
  return html`<${Bench} bench=${bench} batch=${batch} />`;
}

/** The groups above lead into the table below. */
function Bench({ bench, batch }) {
  const { t } = useLanguage();
  const [shown, setShown] = useState({ group: '', state: 'open' });
  // Read, so that each change draws the view again.
  const version = bench.version.value;
  return html`
    <p class="lead">${t('repair.lead')}</p>
    <${SendBar} bench=${bench} batch=${batch} version=${version} />
    <${Groups} bench=${bench} version=${version} onShow=${(group) => setShown({ group, state: 'all' })} />
    <${RepairTable} bench=${bench} version=${version} shown=${shown} onShow=${setShown} />`;
}
