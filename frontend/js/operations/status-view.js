/** Whether all is well: what rings, what goes through and how fast, what was given up. */
import { AlarmList } from './alarm-list.js';
import { GivenUp } from './given-up.js';
import { OperationsFrame } from './operations-frame.js';
import { Traffic } from './traffic.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';

export function Status() {
  const { t } = useLanguage();
  return html`
    <${OperationsFrame} title=${t('operations.title')}>
      <div class="stack">
        <${AlarmList} />
        <${Traffic} />
        <${GivenUp} />
      </div>
    <//>`;
}
