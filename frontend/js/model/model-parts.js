/** The parts of the section about the model, for those who see more than its card. */
import { hrefFor } from '../core/addresses.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { route } from '../core/router.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles } from '../session/session.js';

const PARTS = ['card', 'versions'];

export function ModelParts() {
  const { t } = useLanguage();
  const shown = PARTS.filter((name) => mayShow(viewOf(name), roles.value));
  if (shown.length < 2) return null;
  return html`
    <nav class="parts no-print" aria-label=${t('model.parts')}>
      ${shown.map((name) => html`<a key=${name} class="part" href=${hrefFor(name)} aria-current=${route.value.name === name ? 'page' : null}>${t(`model.part.${name}`)}</a>`)}
    </nav>`;
}
