/** One applicant: the verdict, why, and the file it rests on. */
import { DossierFrame } from './dossier-frame.js';
import { FaceToFace } from './face-to-face.js';
import { Facts } from './facts.js';
import { History } from './history.js';
import { Reasons } from './reasons.js';
import { Verdict, verdictSentence } from './verdict.js';
import { Why } from './why.js';
import { announce } from '../core/announcer.js';
import { facing } from '../core/facing.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';

export function Dossier({ id }) {
  return html`
    <${DossierFrame} id=${id} shapes=${['verdict-bone', 'half', 'half', 'wide-bone', 'side-bone']}>
      ${(subject) => html`<${Ready} id=${id} subject=${subject} />`}
    <//>`;
}

function Ready({ id, subject }) {
  const language = useLanguage();
  const { score, profile, isCorrected } = subject;
  const spread = useQuery(['spread', id], (signal) => api.spread(id, signal), { enabled: !isCorrected });
  useEffect(
    // Whoever listens beside the applicant hears no internal figure.
    () => announce(facing.value ? '' : language.t('dossier.loaded', verdictSentence(score, language))),
    [score, language.lang, facing.value],
  );
  if (facing.value) return html`<${FaceToFace} id=${id} score=${score} />`;
  return html`
    <div class="dossier">
      <${Verdict} score=${score} spread=${isCorrected ? null : spread.value} />
      <${Reasons} id=${id} score=${score} profile=${profile} />
      <${Why} score=${score} />
      <${Facts} id=${id} profile=${profile} score=${score} />
      <${History} id=${id} />
    </div>`;
}
