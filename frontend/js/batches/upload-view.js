/** Files of applications: send one, with progress, and see what became of those that came. */
import { lender } from '../core/lender.js';
import { ApiError } from '../core/api-error.js';
import { BatchList } from './batch-list.js';
import { DropZone } from './drop-zone.js';
import { Failure } from '../components/failure.js';
import { Field } from '../components/field.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { Progress } from './progress.js';
import { SampleDownloads } from './exports/sample-downloads.js';
import { takeOver } from './chosen-file.js';
import { chooseCsv, isBranch } from './csv-choice.js';
import { ReadingBefore } from './reading-before.js';
import { makeRules } from './table/cell-rules.js';
import { readBeginning } from './table/file-beginning.js';
import { readTable } from './table/table-reading.js';
import { useLanguage } from '../core/language.js';
import { hrefFor } from '../core/addresses.js';
import { html, useEffect, useRef, useState } from '../core/preact.js';
import { navigate } from '../core/router.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles } from '../session/session.js';
import { UploadError, sendFile } from './storage-upload.js';

export function Upload() {
  const { t } = useLanguage();
  return html`
    <div class="page">
      <${PageTitle}>${t('upload.page')}<//>
      <p class="lead">${t('upload.lead')}</p>
      <div class="columns">
        <${UploadForm} />
        <aside class="aside">
          ${mayShow(viewOf('paste'), roles.value) && html`<section class="aside-note"><h2><a href=${hrefFor('paste')}>${t('upload.paste')}</a></h2><p>${t('upload.pasteHelp')}</p></section>`}
          <section class="aside-note">
            <h2>${t('upload.formatTitle')}</h2>
            <p>${t('upload.format', lender.id)}</p>
            <p>${t('upload.formats')}</p>
          </section>
          <${SampleDownloads} />
        </aside>
      </div>
      <${BatchList} />
    </div>`;
}

function UploadForm() {
  const { t } = useLanguage();
  const [branch, setBranch] = useState(localStorage.getItem('branch') ?? '');
  const [choice, setChoice] = useState(/** @type {any} */ (firstChoice));
  const [wrongBranch, setWrongBranch] = useState(false);
  const sending = useSending();
  const submit = (event) => {
    event.preventDefault();
    const valid = isBranch(branch);
    setWrongBranch(!valid);
    if (!choice?.file) setChoice({ refusal: 'noFile', name: '' });
    else if (valid) sending.start(branch, choice.file);
    if (!valid) event.currentTarget.elements.branch.focus();
  };
  return html`
    <form class="card form upload-form" onSubmit=${submit} noValidate>
      <h2>${t('upload.title')}</h2>
      <${Field} label=${t('upload.branch')} name="branch" hint=${t('upload.branchHint')} value=${branch}
        error=${wrongBranch && t('upload.branchWrong')} autocomplete="off" autocapitalize="none" spellcheck=${false}
        onInput=${(event) => setBranch(event.currentTarget.value.trim())} />
      <${DropZone} file=${choice?.file} disabled=${sending.busy} onFiles=${(files) => setChoice(chooseCsv(files))} />
      ${choice?.file && html`<${BeforeSending} key=${choice.file} file=${choice.file} />`}
      ${choice?.refusal && html`<${Notice} kind="error">${t(`upload.${choice.refusal}`, choice.name)}<//>`}
      <${Sending} sending=${sending} />
      ${!sending.busy && html`<button class="button primary">${t('upload.send')}</button>`}
    </form>`;
}

/** What another view made of pasted rows, else nothing. */
function firstChoice() {
  const made = takeOver();
  return made && chooseCsv([made]);
}

/** How the file will be read, as far as its first lines tell; silent where they cannot be read here. */
function BeforeSending({ file }) {
  const { contract } = useContract();
  const [beginning, setBeginning] = useState(null);
  useEffect(() => {
    let isWanted = true;
    readBeginning(file).then(
      (found) => isWanted && setBeginning(found),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [file]);
  if (!contract || !beginning) return null;
  const rules = makeRules(contract);
  const reading = readTable(beginning.text, rules, { isWhole: beginning.isWhole });
  return html`<${ReadingBefore} reading=${reading} rules=${rules} isWhole=${beginning.isWhole} />`;
}

function Sending({ sending }) {
  const { t, format } = useLanguage();
  if (sending.error instanceof ApiError) return html`<${Failure} error=${sending.error} />`;
  if (sending.error) return html`<${SendingError} error=${sending.error} />`;
  if (!sending.busy) return null;
  const label =
    sending.share === null ? t('upload.preparing') : t('upload.sending', format.wholePercent(sending.share));
  return html`
    <${Progress} label=${label} share=${sending.share} />
    <button type="button" class="button" onClick=${sending.cancel}>${t('upload.cancel')}</button>`;
}

function SendingError({ error: { code, status } }) {
  const { t } = useLanguage();
  const kind = code === 'cancelled' ? 'info' : 'error';
  return html`<${Notice} kind=${kind}>${t(`upload.${code}`, status)}<//>`;
}

/** The state of one sending: share is null until the storage has begun to take the file. */
function useSending() {
  const [state, setState] = useState({ busy: false, share: null, error: null });
  const controller = useRef(null);
  const start = async (branch, file) => {
    controller.current = new AbortController();
    setState({ busy: true, share: null, error: null });
    try {
      await send(branch, file, controller.current.signal, (share) =>
        setState({ busy: true, share, error: null }),
      );
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof UploadError)) throw error;
      setState({ busy: false, share: null, error });
    }
  };
  return { ...state, start, cancel: () => controller.current?.abort() };
}

async function send(branch, file, signal, onProgress) {
  const target = await api.requestUpload(branch, file);
  if (signal.aborted) throw new UploadError('cancelled');
  await sendFile(target, file, { onProgress, signal });
  localStorage.setItem('branch', branch);
  navigate('batch', { batch: target.batch });
}
