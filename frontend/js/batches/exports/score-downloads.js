/** The scores of a file as a workbook or as Parquet, made in the browser of who asks. */
import { MOST_ROWS, readScores } from './scores.js';
import { asParquet, asXlsx, download } from './sheet.js';
import { nameOf } from '../batch-record.js';
import { decodeText } from '../table/csv.js';
import { Icon } from '../../components/icon.js';
import { Notice } from '../../components/notice.js';
import { useLanguage } from '../../core/language.js';
import { html, useState } from '../../core/preact.js';

const MAKERS = { xlsx: asXlsx, parquet: asParquet };

/** @param {{batch: import('../batch-record.js').Batch}} props */
export function ScoreDownloads({ batch }) {
  const { t, format } = useLanguage();
  const [state, setState] = useState({ busy: '', failed: false });
  const make = async (kind) => {
    setState({ busy: kind, failed: false });
    await drawn();
    try {
      const stem = nameOf(batch).replace(/(\.\w{1,4}){1,2}$/, '');
      const sheet = await fetchScores(batch, stem);
      download(await MAKERS[kind](sheet), `${stem}-scores.${kind}`);
      setState({ busy: '', failed: false });
    } catch {
      // An address that has run out, no connection, or too little memory: the CSV is there in any case.
      setState({ busy: '', failed: true });
    }
  };
  const kinds = Object.keys(MAKERS).filter((kind) => batch.scored <= MOST_ROWS[kind]);
  return html`
    ${kinds.map(
      (kind) => html`
      <li key=${kind}><button type="button" class="button wide" disabled=${state.busy !== ''} onClick=${() => make(kind)}>
        <${Icon} name="download" />${t(state.busy === kind ? 'export.making' : `export.${kind}`)}
      </button></li>`,
    )}
    ${
      kinds.length < Object.keys(MAKERS).length &&
      html`<li class="card-help">${t('export.tooMany', format.number(MOST_ROWS.xlsx), format.number(MOST_ROWS.parquet))}</li>`
    }
    ${state.failed && html`<li><${Notice} kind="error">${t('export.failed')}<//></li>`}`;
}

/** The making keeps the page busy for some seconds: what it says of that has to be seen before. */
async function drawn() {
  await new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

async function fetchScores(
  /** @type {import('../batch-record.js').Batch} */ { scores_url: url, manifest },
  title,
) {
  const response = await fetch(url, { credentials: 'omit', cache: 'no-store' });
  if (!response.ok) throw new Error(`scores: ${response.status}`);
  const text = decodeText(new Uint8Array(await response.arrayBuffer()));
  return readScores(text, /** @type {any} */ (manifest.dialect), title);
}
