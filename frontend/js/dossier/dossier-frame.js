/** What the views of one applicant share: whose dossier it is, where one is in it, and who works on it. */
import { CorrectionBar } from './correction.js';
import { standingOf, useDecisions } from './decisions.js';
import { FaceToFace } from './face-to-face.js';
import { useSubject } from './use-subject.js';
import { Empty } from '../components/empty.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { PageTitle } from '../components/page-title.js';
import { Skeleton } from '../components/skeleton.js';
import { hrefFor } from '../core/addresses.js';
import { FACING_KEY, facing, listenForFacing } from '../core/facing.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect } from '../core/preact.js';
import { outdated, queries, useQuery } from '../core/queries.js';
import { route, viewDrawn } from '../core/router.js';
import { api } from '../core/services.js';
import { mayShow, viewOf } from '../core/views.js';
import { roles, username } from '../session/session.js';

/** Views of a dossier, in the order of a talk. */
const PARTS = ['applicant', 'compare', 'unknown', 'simulate', 'offer', 'decide'];
/** Of these, what an applicant may see is a part of its own; elsewhere it stands in for the whole view. */
const FOR_BOTH = ['applicant', 'unknown'];
/** A claim holds for a quarter of an hour. */
const CLAIM_AGAIN_MS = 10 * 60_000;

/**
 * @param {{id: string, shapes?: string[], children: (subject: import('./use-subject.js').Subject) => unknown}} props
 *   shapes : of the skeleton
 */
export function DossierFrame({ id, shapes = ['verdict-bone', 'half', 'half'], children }) {
  const subject = useSubject(id);
  useEffect(listenForFacing, []);
  useEffect(() => {
    if (subject.state === 'ready') viewDrawn();
  }, [subject.state]);
  return html`
    <div class="page">
      <${Head} id=${id} subject=${subject} />
      ${subject.state === 'ready' && !facing.value && html`<${CorrectionBar} id=${id} subject=${subject} />`}
      <${Content} id=${id} subject=${subject} shapes=${shapes}>${children}<//>
    </div>`;
}

function Content({ id, subject, shapes, children }) {
  if (subject.state === 'failed') return html`<${Failed} id=${id} subject=${subject} />`;
  if (subject.state === 'loading') return html`<${Skeleton} shapes=${shapes} />`;
  const isHidden = facing.value && !FOR_BOTH.includes(route.value.name);
  return html`
    ${isHidden && html`<${FaceToFace} id=${id} score=${subject.score} />`}
    <div hidden=${isHidden}>${children(subject)}</div>`;
}

function Head({ id, subject }) {
  const { t, format } = useLanguage();
  const { profile } = subject;
  // While it is on its way its place is kept: nothing below moves when it comes.
  const isThere = subject.state !== 'failed';
  return html`
    <div class="page-head">
      <nav class="crumbs no-facing" aria-label=${t('app.crumbs')}>
        <a href=${hrefFor('applicants')}>${t('nav.applicants')}</a>
      </nav>
      <div class="page-head-line">
        <${PageTitle}>${t('dossier.title', id)}<//>
        ${isThere && html`<div class="page-actions no-print"><${FacingButton} /><${PrintButton} /></div>`}
      </div>
      ${
        isThere &&
        html`
        <p class=${`meta no-facing ${profile ? '' : 'awaited'}`} aria-hidden=${profile ? null : 'true'}>
          <span>${t('dossier.branch')} <strong>${profile?.branch || '—'}</strong></span>
          <span>${t('dossier.updated')} <strong>${format.dateTime(profile?.updated_at ?? Date.now())}</strong></span>
        </p>`
      }
      <p class="print-only">${t('dossier.printed', format.dateTime(Date.now()), username.value)}</p>
      ${!facing.value && html`<${Parts} id=${id} />`}
      ${(profile || route.value.name === 'decide') && isThere && !facing.value && html`<${Claim} id=${id} isReview=${subject.stored?.decision === 'review'} />`}
    </div>`;
}

function Parts({ id }) {
  const { t } = useLanguage();
  const shown = PARTS.filter((name) => mayShow(viewOf(name), roles.value));
  return html`
    <nav class="parts no-print" aria-label=${t('dossier.parts')}>
      ${shown.map(
        (name) => html`
        <a key=${name} class="part" href=${hrefFor(name, { id })} aria-current=${route.value.name === name ? 'page' : null}>
          ${t(`part.${name}`)}
        </a>`,
      )}
    </nav>`;
}

function FacingButton() {
  const { t } = useLanguage();
  return html`
    <button type="button" class="button" aria-pressed=${String(facing.value)} aria-keyshortcuts=${FACING_KEY}
      title=${t('facing.help', FACING_KEY)} onClick=${() => (facing.value = !facing.value)}>
      <${Icon} name="person" />${t(facing.value ? 'facing.end' : 'facing.begin')}
    </button>`;
}

function PrintButton() {
  const { t } = useLanguage();
  return html`
    <button type="button" class="button" onClick=${() => print()}><${Icon} name="print" />${t('dossier.print')}</button>`;
}

/** A file that is left to people is claimed by who opens it, and by who is about to decide it. */
function Claim({ id, isReview }) {
  const { t, format } = useLanguage();
  const mayClaim = roles.value.includes('advisor');
  const taken = useDecisions(id, { enabled: mayClaim && isReview });
  const isOpen = taken.value !== undefined && !standingOf(taken.value);
  const wanted = mayClaim && (route.value.name === 'decide' || (isReview && isOpen));
  const { value } = useQuery(['claim', id], () => api.claim(id), {
    enabled: wanted,
    every: CLAIM_AGAIN_MS,
    fresh: 0,
  });
  const claim = value?.claim;
  const isAwaited = mayClaim && ((isReview && taken.state === 'loading') || (wanted && value === undefined));
  if (!isAwaited && (!wanted || !claim)) return null;
  const until = format.time(claim?.until ?? Date.now());
  if (claim && !claim.is_yours)
    return html`<${Notice} kind="error">${t('claim.theirs', claim.by, until)}<//>`;
  const release = async () => {
    await api.release(id);
    queries.setQueryData(['claim', id], { claim: null });
    outdated('applicants');
  };
  return html`
    <p class=${`claim no-print ${isAwaited ? 'awaited' : ''}`}>
      <${Icon} name="lock" /><span>${t('claim.yours', until)}</span>
      <button type="button" class="link-button" onClick=${release}>${t('claim.release')}</button>
    </p>`;
}

function Failed({ id, subject }) {
  const { t } = useLanguage();
  if (subject.error.status !== 404)
    return html`<${Failure} error=${subject.error} onRetry=${subject.reload} />`;
  return html`
    <${Empty} title=${t('dossier.missing', id)} help=${t('dossier.missingHelp')}>
      <a class="button" href=${hrefFor('applicants')}>${t('dossier.find')}</a>
    <//>`;
}
