/** Whether all is well: what rings, what goes through and how fast, what was given up. */
import { AlarmList, useAlarms } from './alarm-list.js';
import { GivenUp, useGivenUp } from './given-up.js';
import { OperationsFrame } from './operations-frame.js';
import { Traffic, useTraffic } from './traffic.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

export function Status() {
  const { t } = useLanguage();
  // Drawn together: what comes first would be moved by what comes after it.
  const isLoading = [useAlarms(), useTraffic(), useGivenUp()].some(({ state }) => state === 'loading');
  return html`
    <${OperationsFrame} title=${t('operations.title')}>
      ${
        isLoading
          ? html`<${Skeleton} shapes=${['block', 'block']} />`
          : html`
        <div class="stack">
          <${AlarmList} />
          <${Traffic} />
          <${GivenUp} />
        </div>`
      }
    <//>`;
}
