/** Which model advises, on every view; its identity and quality open in a panel. */
import { hrefFor } from '../core/addresses.js';
import { needTexts, useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

export function ModelFooter() {
  const { t, format } = useLanguage();
  const { value: model } = useQuery(['model'], (signal) => api.model(signal));
  const [Panel, setPanel] = useState(null);
  const open = async () => {
    const [{ ModelPanel }] = await Promise.all([import('../model/model-panel.js'), needTexts('model')]);
    setPanel(() => ModelPanel);
  };
  return html`
    <footer class="footer">
      <div class="footer-inner">
        ${
          model
            ? html`
            <span>${t('model.footer', model.version)} · ${t('model.limit', format.percent(model.cutoff))}</span>
            <button type="button" class="link-button" onClick=${open}>${t('model.open')}</button>
            <a class="link-button" href=${hrefFor('card')}>${t('nav.card')}</a>
            ${Panel && html`<${Panel} model=${model} onClose=${() => setPanel(null)} />`}`
            : html`<span>${t('app.name')}</span>`
        }
      </div>
    </footer>`;
}
