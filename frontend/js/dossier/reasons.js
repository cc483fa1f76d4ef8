/** The worded reasons of the API, each way, with how much each weighs against the heaviest. */
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { Icon } from '../components/icon.js';

export function Reasons({ reasons }) {
  const { t } = useLanguage();
  const all = [...reasons.raises, ...reasons.lowers];
  const heaviest = Math.max(...all.map((reason) => Math.abs(reason.contribution)), 0.01);
  return html`
    <section class="reasons" aria-labelledby="reasons-title">
      <h2 id="reasons-title" class="visually-hidden">${t('reasons.heading')}</h2>
      <${Side} way="raises" reasons=${reasons.raises} heaviest=${heaviest} empty=${t('reasons.noRaises')} />
      <${Side} way="lowers" reasons=${reasons.lowers} heaviest=${heaviest} empty=${t('reasons.noLowers')} />
    </section>`;
}

function Side({ way, reasons, heaviest, empty }) {
  const { t } = useLanguage();
  const item = (reason) => html`<${Reason} key=${reason.code} reason=${reason} heaviest=${heaviest} />`;
  return html`
    <div class=${`card side ${way}`}>
      <h3 class="side-title">
        <span class="side-sign"><${Icon} name=${way === 'raises' ? 'up' : 'down'} /></span>
        ${t(`reasons.${way}`)}
      </h3>
      ${
        reasons.length === 0
          ? html`<p class="side-empty">${empty}</p>`
          : html`<ol class="reason-list">${reasons.map(item)}</ol>`
      }
    </div>`;
}

function Reason({ reason, heaviest }) {
  const { t, wordFor, lang, format } = useLanguage();
  const share = `${Math.round((Math.abs(reason.contribution) / heaviest) * 100)}%`;
  return html`
    <li class="reason">
      <p class="reason-text">${reason.text[lang]}</p>
      <p class="reason-meta">
        <span>${wordFor('family', reason.family)}</span>
        <span class="reason-bar" aria-hidden="true"><span style=${{ width: share }}></span></span>
        <span class="number">
          <span class="visually-hidden">${t('reasons.weight')} </span>${format.signed(reason.contribution)}
        </span>
      </p>
    </li>`;
}
