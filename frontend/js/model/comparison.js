/** A version held against the one that serves, and the way to let it serve. */
import { ReasonDialog } from './reason-dialog.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Notice } from '../components/notice.js';
import { Skeleton } from '../components/skeleton.js';
import { Table } from '../components/table.js';
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { roles } from '../session/session.js';

export function Comparison({ version }) {
  const { t } = useLanguage();
  const promotions = useQuery(['promotions'], (signal) => api.promotions(signal));
  const serving = promotions.value?.history[0]?.version;
  const { state, value, error, reload } = useQuery(
    ['contest', version],
    (signal) => api.contest(version, signal),
    { enabled: serving !== undefined && serving !== version },
  );
  if (promotions.state === 'failed')
    return html`<${Failure} error=${promotions.error} onRetry=${promotions.reload} />`;
  if (serving === version) return html`<${Notice} kind="good">${t('version.serves')}<//>`;
  if (promotions.state === 'loading' || state === 'loading') return html`<${Skeleton} shapes=${['block']} />`;
  const served = promotions.value.history.some((entry) => entry.version === version);
  const known = state === 'ready' ? /** @type {any} */ (value.contest) : null;
  return html`
    <section class="card" aria-labelledby="comparison-title">
      <div class="card-head">
        <h2 id="comparison-title">${t('comparison.title', serving)}</h2>
        ${roles.value.includes('operator') && html`<${Promote} version=${version} over=${serving} served=${served} alone=${known !== null && known.refusals.length === 0} />`}
      </div>
      ${state === 'failed' && error.status !== 404 && html`<${Failure} error=${error} onRetry=${reload} />`}
      ${state === 'failed' && error.status === 404 && html`<p class="card-help">${t('comparison.never')}</p>`}
      ${known && html`<${Contest} contest=${known} />`}
    </section>`;
}

function Promote({ version, over, served, alone }) {
  const { t } = useLanguage();
  const [kind, setKind] = useState('');
  const [done, setDone] = useState('');
  const send = async (reason, key) => {
    const answer = await api.promote({ version, kind, reason, over }, key);
    setDone(answer.outcome);
    announce(t(answer.outcome === 'serves' ? 'promote.serves' : 'promote.proposed'));
  };
  if (done === 'proposed') return html`<${Notice} kind="info">${t('promote.proposed')}<//>`;
  return html`
    <div class="page-actions">
      ${served && html`<button type="button" class="button" onClick=${() => setKind('rollback')}>${t('promote.rollback')}</button>`}
      <button type="button" class="button primary" onClick=${() => setKind('promotion')}>${t(alone ? 'promote.promote' : 'promote.propose')}</button>
      ${kind && html`<${ReasonDialog} title=${t(`promote.title.${kind}`, version, over)} help=${kind === 'rollback' ? t('promote.rollbackHelp') : t(alone ? 'promote.aloneHelp' : 'promote.proposeHelp')} action=${kind === 'rollback' ? t('promote.rollback') : t(alone ? 'promote.promote' : 'promote.propose')} onSend=${send} onClose=${() => setKind('')} />`}
    </div>`;
}

function Contest({ contest }) {
  const { t, format } = useLanguage();
  const { challenger, champion, auc, cost, flips } = contest;
  const interval = (value, [low, high]) =>
    t('comparison.interval', ...[value, low, high].map(format.signedFine));
  const heads = [
    { label: t('comparison.figure') },
    { label: t('comparison.before'), kind: 'number' },
    { label: t('comparison.after'), kind: 'number' },
    { label: t('comparison.difference'), kind: 'number' },
  ];
  const row = (name, told, get, difference = '') => ({
    key: name,
    cells: [t(`metric.${name}`), champion ? told(get(champion)) : '—', told(get(challenger)), difference],
  });
  const rows = [
    row('auc', format.number, (one) => one.auc.auc, auc ? interval(auc.difference, auc.interval) : ''),
    row(
      'business_cost_per_applicant',
      format.number,
      (one) => one.business_cost_per_applicant,
      cost ? interval(cost.value, cost.interval) : '',
    ),
    row('approval_rate', format.percent, (one) => one.approval_rate),
    row('ece', format.number, (one) => one.ece),
  ];
  return html`
    <p class="card-help">${t('comparison.rows', format.number(contest.rows), format.number(contest.defaults), format.dateTime(contest.held_at))}</p>
    ${contest.refusals.length === 0 ? html`<p class="all-good"><${Icon} name="check" />${t('comparison.nothing')}</p>` : html`<ul class="plain-list" lang="en">${contest.refusals.map((refusal) => html`<li key=${refusal}><${Icon} name="alert" />${refusal}</li>`)}</ul>`}
    <${Table} heads=${heads} rows=${rows} />
    ${
      flips &&
      html`
      <h3>${t('comparison.flips')}</h3>
      <p>${t('comparison.newlyAccepted', format.number(flips.newly_accepted), format.number(flips.newly_accepted_defaults))}</p>
      <p>${t('comparison.newlyRefused', format.number(flips.newly_refused), format.number(flips.newly_refused_defaults))}</p>`
    }`;
}
