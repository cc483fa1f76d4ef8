/** The human's decision: what, why where the model says otherwise, the applicant's words, the letter, then final. */
import { Already } from './already.js';
import { DecisionForm } from './decision-form.js';
import { useDecisions } from '../dossier/decisions.js';
import { draftOf } from '../dossier/draft.js';
import { DossierFrame } from '../dossier/dossier-frame.js';
import { Failure } from '../components/failure.js';
import { Skeleton } from '../components/skeleton.js';
import { columnOf } from '../core/contract.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';

export function Decide({ id }) {
  return html`<${DossierFrame} id=${id} shapes=${['half', 'half']}>${(subject) => html`<${Ready} id=${id} subject=${subject} />`}<//>`;
}

function Ready({ id, subject }) {
  const contract = useContract();
  const { application, branch } = subject.profile;
  const about = subject.isCorrected ? { application, branch } : { applicant_id: id };
  const taken = useDecisions(id);
  const { offer } = draftOf(id).value;
  const offered = useOffered(about, offer, contract);
  const parts = offer ? [contract, offered] : [contract];
  const failed = parts.find((part) => part.state === 'failed');
  if (failed) return html`<${Failure} error=${failed.error} onRetry=${failed.reload} />`;
  if ([...parts, taken].some((part) => part.state === 'loading'))
    return html`<${Skeleton} shapes=${['half', 'half']} />`;
  return html`
    <${Already} taken=${taken.value} />
    <${DecisionForm} id=${id} about=${about} score=${offer ? offered.score : subject.score} application=${application}
      offer=${offer} contract=${contract} />`;
}

/** The score of the offered loan, with the model that gave it: another may have scored the one that is asked for. */
function useOffered(about, offer, contract) {
  const changes = offer && {
    [columnOf(contract.fields, 'credit')]: offer.amount,
    [columnOf(contract.fields, 'annuity')]: offer.annuity,
  };
  const asked = 'application' in about ? { application: about.application } : about;
  const found = useQuery(
    ['offered', asked, changes],
    (signal) => api.simulate({ ...asked, changes: [changes] }, signal),
    { enabled: offer !== null && contract.state === 'ready', keep: true },
  );
  const { value } = found;
  const score = value && { ...value.items[0].after, model: value.model, cutoff: value.cutoff, review: [] };
  return { ...found, score };
}
