/** The card of the model in use, as the committee reads it; also as a file to keep. */
import { readDocument, showDocument } from '../components/html-document.js';
import { ModelParts } from './model-parts.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

/** What differs below the page's own header, and inside its main part. */
const FIT = `body { background: none }
  .page { padding: 0 }
  .page > div { grid-column: 2 }
  section { scroll-margin-top: 5rem }
  nav { top: 5rem }`;

export function ModelCard() {
  const { t } = useLanguage();
  const { state, value: card, error, reload } = useQuery(['card'], (signal) => api.modelCard(signal));
  return html`
    <div class="page">
      <div class="page-head">
        <div class="page-head-line">
          <${PageTitle}>${t('card.title')}<//>
          ${card && html`<${Download} ...${card} />`}
        </div>
        <p class="meta"><span>${card ? t('model.footer', card.version) : '\u00a0'}</span></p>
        <p class="meta"><span>${t('card.note')}</span></p>
        <${ModelParts} />
      </div>
      ${state === 'loading' && !card && html`<${Skeleton} shapes=${['line', 'block', 'block']} />`}
      ${state === 'failed' && (error.status === 404 ? html`<${Empty} title=${t('card.missing')} />` : html`<${Failure} error=${error} onRetry=${reload} />`)}
      ${card && html`<${Card} text=${card.text} />`}
    </div>`;
}

function Card({ text }) {
  const host = useRef(null);
  const card = useMemo(() => readDocument(text, 'h1'), [text]);
  // Before it is painted: an empty place would let the footer up.
  useLayoutEffect(() => showDocument(host.current, card, FIT), [card]);
  return html`<div class="model-card" lang=${card.lang} ref=${host}></div>`;
}

function Download({ text, version }) {
  const { t } = useLanguage();
  const url = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'text/html' })), [text]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return html`<a class="button" href=${url} download=${`model-card-${version}.html`}><${Icon} name="download" />${t('card.download')}</a>`;
}
