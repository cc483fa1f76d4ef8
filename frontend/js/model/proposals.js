/** Promotions that wait for a second person: what speaks against each, approve or withdraw. */
import { ReasonDialog } from './reason-dialog.js';
import { Icon } from '../components/icon.js';
import { announce } from '../core/announcer.js';
import { useLanguage } from '../core/language.js';
import { html, useState } from '../core/preact.js';
import { api } from '../core/services.js';
import { roles, username } from '../session/session.js';

export function Proposals({ proposals }) {
  const { t } = useLanguage();
  const open = proposals.filter(({ state }) => state === 'open');
  if (open.length === 0) return null;
  return html`
    <section class="card" aria-labelledby="proposals-title">
      <h2 id="proposals-title">${t('proposals.title')}</h2>
      <ul class="findings">${open.map((proposal) => html`<${One} key=${proposal.id} proposal=${proposal} />`)}</ul>
    </section>`;
}

function One({ proposal }) {
  const { t, format } = useLanguage();
  const [asks, setAsks] = useState('');
  const isOwn = proposal.by === username.value;
  const mayAnswer = roles.value.includes('operator');
  const answer = async (reason) => {
    const done = await api.answerProposal(proposal.id, asks, reason);
    announce(t(done.outcome === 'serves' ? 'promote.serves' : 'proposals.withdrawn'));
  };
  const close = () => setAsks('');
  return html`
    <li class="finding">
      <div class="finding-head"><strong><code>${proposal.version}</code></strong><span class="finding-source">${t('versions.replaced', proposal.over)}</span></div>
      <p>${proposal.reason}</p>
      <ul class="plain-list" lang="en">${proposal.refusals.map((refusal) => html`<li key=${refusal}><${Icon} name="alert" />${refusal}</li>`)}</ul>
      <p class="card-help">${t('versions.by', proposal.by, format.dateTime(proposal.at))}</p>
      ${
        mayAnswer &&
        html`
        <div class="form-actions">
          ${!isOwn && html`<button type="button" class="button primary" onClick=${() => setAsks('approval')}>${t('proposals.approve')}</button>`}
          <button type="button" class="button" onClick=${() => setAsks('withdrawal')}>${t('proposals.withdraw')}</button>
          ${isOwn && html`<p class="card-help">${t('proposals.own')}</p>`}
        </div>`
      }
      ${asks === 'approval' && html`<${ReasonDialog} title=${t('proposals.approveTitle', proposal.version)} help=${t('proposals.approveHelp')} action=${t('proposals.approve')} onSend=${answer} onClose=${close} />`}
      ${asks === 'withdrawal' && html`<${ReasonDialog} title=${t('proposals.withdrawTitle', proposal.version)} help=${t('proposals.withdrawHelp')} action=${t('proposals.withdraw')} onSend=${answer} onClose=${close} />`}
    </li>`;
}
