/** Which model advises, on every view; its identity and quality open in a panel. */
import { useLanguage } from '../core/language.js';
import { html, useRef } from '../core/preact.js';
import { hrefFor } from '../core/routes.js';
import { api } from '../core/services.js';
import { useLoad } from '../core/use-load.js';
import { ModelPanel } from './model-panel.js';

export function ModelFooter() {
  const { t, format } = useLanguage();
  const { value: model } = useLoad((signal) => api.model(signal), []);
  const panel = useRef(null);
  return html`
    <footer class="footer">
      <div class="footer-inner">
        ${
          model
            ? html`
            <span>${t('model.footer', model.version)} · ${t('model.limit', format.percent(model.cutoff))}</span>
            <button type="button" class="link-button" onClick=${() => panel.current.showModal()}>${t('model.open')}</button>
            <a class="link-button" href=${hrefFor('card')}>${t('card.title')}</a>
            <${ModelPanel} model=${model} dialog=${panel} />`
            : html`<span>${t('app.name')}</span>`
        }
      </div>
    </footer>`;
}
