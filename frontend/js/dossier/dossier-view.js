/** One applicant: the verdict, why, and the file it rests on. */
import { announce } from '../core/announcer.js';
import { loadCharts } from '../charts/chart.js';
import { Contributions } from './contributions.js';
import { Empty } from '../components/empty.js';
import { AllFacts, MainFacts } from './facts.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { PageTitle } from '../components/page-title.js';
import { Reasons } from './reasons.js';
import { Skeleton } from '../components/skeleton.js';
import { Verdict, verdictSentence } from './verdict.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useMemo } from '../core/preact.js';
import { hrefFor } from '../core/routes.js';
import { api } from '../core/services.js';
import { username } from '../session/session.js';
import { useLoad } from '../core/use-load.js';

export function Dossier({ id }) {
  useEffect(() => {
    loadCharts().catch(() => {});
  }, []); // the chart itself tells of a failure
  const dossier = useLoad((signal) => loadDossier(id, signal), [id]);
  return html`
    <div class="page">
      <${Head} id=${id} applicant=${dossier.value?.applicant} />
      <${Body} id=${id} dossier=${dossier} />
    </div>`;
}

function PrintButton() {
  const { t } = useLanguage();
  return html`
    <button type="button" class="button no-print" onClick=${() => print()}>
      <${Icon} name="print" />${t('dossier.print')}
    </button>`;
}

async function loadDossier(id, signal) {
  const [applicant, score] = await Promise.all([api.applicant(id, signal), api.score(id, signal)]);
  return { applicant, score };
}

function Head({ id, applicant }) {
  const { t, format } = useLanguage();
  return html`
    <div class="page-head">
      <nav class="crumbs" aria-label=${t('dossier.crumbs')}><a href=${hrefFor('applicants')}>${t('nav.applicants')}</a></nav>
      <div class="page-head-line">
        <${PageTitle}>${t('dossier.title', id)}<//>
        ${applicant && html`<${PrintButton} />`}
      </div>
      ${
        applicant &&
        html`
        <p class="meta">
          <span>${t('dossier.branch')} <strong>${applicant.branch ?? '—'}</strong></span>
          <span>${t('dossier.updated')} <strong>${format.dateTime(applicant.updated_at)}</strong></span>
        </p>`
      }
      <p class="print-only">${t('dossier.printed', format.dateTime(Date.now()), username.value)}</p>
    </div>`;
}

function Body({ id, dossier }) {
  if (dossier.state === 'failed') return html`<${Failed} id=${id} dossier=${dossier} />`;
  if (dossier.state === 'loading')
    return html`<${Skeleton} shapes=${['verdict-bone', 'half', 'half', 'wide-bone', 'side-bone']} />`;
  return html`<${Ready} ...${dossier.value} />`;
}

function Failed({ id, dossier }) {
  const { t } = useLanguage();
  if (dossier.error.status !== 404)
    return html`<${Failure} error=${dossier.error} onRetry=${dossier.reload} />`;
  return html`
    <${Empty} title=${t('dossier.missing', id)} help=${t('dossier.missingHelp')}>
      <a class="button" href=${hrefFor('applicants')}>${t('dossier.find')}</a>
    <//>`;
}

function Ready({ applicant, score }) {
  const language = useLanguage();
  const columns = useMemo(
    () => new Map(applicant.columns.map((column) => [column.name, column])),
    [applicant],
  );
  const values = useMemo(() => ({ ...applicant.application, ...applicant.history }), [applicant]);
  useEffect(
    () => announce(language.t('dossier.loaded', verdictSentence(score, language))),
    [score, language.lang],
  );
  return html`
    <div class="dossier">
      <${Verdict} score=${score} />
      <${Reasons} reasons=${score.reasons} />
      <${Contributions} contributions=${score.contributions} columns=${columns} />
      <${MainFacts} values=${values} columns=${columns} />
      <${AllFacts} values=${values} columns=${columns} />
    </div>`;
}
