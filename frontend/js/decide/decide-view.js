/** The human's decision: what, why where the model says otherwise, the applicant's words, the letter, then final. */
import { DecisionForm } from './decision-form.js';
import { draftOf } from '../dossier/draft.js';
import { DossierFrame } from '../dossier/dossier-frame.js';
import { Failure } from '../components/failure.js';
import { Skeleton } from '../components/skeleton.js';
import { html } from '../core/preact.js';
import { useContract } from '../core/use-contract.js';

export function Decide({ id }) {
  return html`<${DossierFrame} id=${id} shapes=${['half', 'half']}>${(subject) => html`<${Ready} id=${id} subject=${subject} />`}<//>`;
}

function Ready({ id, subject }) {
  const contract = useContract();
  if (contract.state === 'failed')
    return html`<${Failure} error=${contract.error} onRetry=${contract.reload} />`;
  if (contract.state === 'loading') return html`<${Skeleton} shapes=${['half', 'half']} />`;
  const { application, branch } = subject.profile;
  const about = subject.isCorrected ? { application, branch } : { applicant_id: id };
  return html`
    <${DecisionForm} id=${id} about=${about} score=${subject.score} application=${application}
      offer=${draftOf(id).value.offer} contract=${contract} />`;
}
