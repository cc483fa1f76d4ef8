/** The smallest changes that would turn the decision, each in one sentence; asked for, as they take a while. */
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { inSentence } from '../core/typography.js';

/** @param {{subject: import('../dossier/use-subject.js').Subject, onTake: (applied: object) => void}} props */
export function Counterfactuals({ subject, onTake }) {
  const { t } = useLanguage();
  const found = useQuery(
    ['counterfactuals', subject.about],
    (signal) => api.counterfactuals(subject.about, signal),
    {
      enabled: subject.score.decision !== 'accept',
      fresh: 60_000,
    },
  );
  if (subject.score.decision === 'accept') return null;
  return html`
    <section class="card" aria-labelledby="counterfactual-title" aria-busy=${String(found.state === 'loading')}>
      <h2 id="counterfactual-title">${t('counterfactual.heading')}</h2>
      ${found.state === 'loading' && html`<p class="card-help">${t('counterfactual.looking')}</p>`}
      ${found.state === 'failed' && html`<${Failure} error=${found.error} onRetry=${found.reload} />`}
      ${found.value?.items.length === 0 && html`<p>${t('counterfactual.none', found.value.tried)}</p>`}
      ${found.value?.items.length > 0 && html`<ul class="ways">${found.value.items.map((item, index) => html`<${Way} key=${index} item=${item} onTake=${onTake} />`)}</ul>`}
    </section>`;
}

function Way({ item, onTake }) {
  const language = useLanguage();
  const { t, format } = language;
  return html`
    <li class="way">
      <p>${t('counterfactual.sentence', wayWords(item, language), format.percent(item.after.probability_of_default))}</p>
      <button type="button" class="link-button" onClick=${() => onTake(item.applied)}>
        <${Icon} name="arrowRight" />${t('counterfactual.take')}
      </button>
    </li>`;
}

/** "credit amount 286,000 in place of 414,000, over 31 instalments" */
export function wayWords({ changes }, { t, lang, format }) {
  return changes
    .map((change) => {
      const label = inSentence(labelOf(change, lang));
      const after = format.value(change.after, change);
      if (change.duration) return t('counterfactual.duration', change.duration, after);
      return t('counterfactual.change', label, after, format.value(change.before, change));
    })
    .join(t('counterfactual.and'));
}
