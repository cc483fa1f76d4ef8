/** What if: the values that an applicant can change, before and after side by side, at once. */
import { readChanges, writeChanges } from './changes.js';
import { Counterfactuals } from './counterfactuals.js';
import { changeDraft, draftOf } from '../dossier/draft.js';
import { DossierFrame } from '../dossier/dossier-frame.js';
import { directionOf } from '../dossier/families.js';
import { Gauge } from '../dossier/gauge.js';
import { ContractField } from '../components/contract-field.js';
import { Failure } from '../components/failure.js';
import { Icon } from '../components/icon.js';
import { Skeleton } from '../components/skeleton.js';
import { announce } from '../core/announcer.js';
import { readTyped, typedOf } from '../core/contract.js';
import { hrefFor } from '../core/addresses.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { replaceRoute, route } from '../core/router.js';
import { api } from '../core/services.js';
import { useContract } from '../core/use-contract.js';
import { useTyped } from '../core/use-typed.js';

/** Keys that follow each other faster are one change. */
const PAUSE_MS = 40;
/** The fields that come first: what a loan and an income are. */
const GROUPS = ['terms', 'income', 'employment', 'documents', 'contact'];

export function Simulate({ id }) {
  return html`
    <${DossierFrame} id=${id} shapes=${['half', 'half']}>${(subject) => html`<${Ready} id=${id} subject=${subject} />`}<//>`;
}

function Ready({ id, subject }) {
  const contract = useContract();
  if (contract.state === 'failed')
    return html`<${Failure} error=${contract.error} onRetry=${contract.reload} />`;
  if (contract.state === 'loading') return html`<${Skeleton} shapes=${['half', 'half']} />`;
  return html`<${Workbench} id=${id} subject=${subject} fields=${contract.fields} />`;
}

function Workbench({ id, subject, fields }) {
  const { t } = useLanguage();
  const { application } = subject.profile;
  const form = useChanges(id, application, fields);
  const simulated = useSimulation(subject, form.changes);
  return html`
    <p class="watermark" aria-hidden="true">${t('simulate.watermark')}</p>
    <div class="workbench">
      <${Levers} form=${form} application=${application} fields=${fields} about=${route.value.query.about} />
      <div class="workbench-side">
        <${BeforeAfter} subject=${subject} simulated=${simulated} hasChanges=${form.count > 0} />
        <${Tools} form=${form} />
        <${Counterfactuals} subject=${subject} onTake=${form.take} />
        <p class="card-help">${t('simulate.offerHint')} <a href=${hrefFor('offer', { id })}>${t('part.offer')}</a></p>
      </div>
    </div>`;
}

/** What is typed, what of it can be sent, and both kept: in the draft, and as factors in the address. */
function useChanges(id, application, fields) {
  const { lang } = useLanguage();
  const begin = () => {
    const shared = route.value.query.changes;
    const own = draftOf(id).value.changes;
    // The draft is exact; the address tells factors, and is somebody else's where it says otherwise.
    const isOwn = !shared || shared === writeChanges(own, application, fields);
    const changes = isOwn ? own : readChanges(shared, application, fields);
    return Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, typedOf(fields.get(name), value, { lang })]),
    );
  };
  const [typed, setTyped] = useTyped(begin, fields);
  const { changes, mistakes } = useMemo(
    () => readAll(typed, application, fields, lang),
    [typed, application, fields, lang],
  );
  const written = writeChanges(changes, application, fields);
  useEffect(() => {
    changeDraft(id, { changes });
    replaceRoute('simulate', { id }, { ...route.value.query, changes: written });
  }, [written]);
  return {
    typed,
    changes,
    mistakes,
    count: Object.keys(changes).length,
    type: (name, value) => setTyped((last) => ({ ...last, [name]: value })),
    reset: () => setTyped(() => ({})),
    take: (applied) =>
      setTyped(() =>
        Object.fromEntries(
          Object.entries(applied).map(([name, value]) => [name, typedOf(fields.get(name), value, { lang })]),
        ),
      ),
  };
}

function readAll(typed, application, fields, lang) {
  /** @type {Record<string, unknown>} */
  const changes = {};
  /** @type {Record<string, any>} */
  const mistakes = {};
  for (const [name, text] of Object.entries(typed)) {
    const field = fields.get(name);
    const { value = null, mistake } = readTyped(field, text, { lang });
    if (mistake) mistakes[name] = mistake;
    else if (value !== (application[name] ?? null)) changes[name] = value;
  }
  return { changes, mistakes };
}

/** The first change counts at once; of those that follow without a pause the last one does. */
function useSettled(changes) {
  const [settled, setSettled] = useState(changes);
  const lastAt = useRef(-PAUSE_MS);
  // Before the paint: an effect after it would cost the figure a frame.
  useLayoutEffect(() => {
    const since = performance.now() - lastAt.current;
    lastAt.current += since;
    if (since >= PAUSE_MS) return setSettled(changes);
    const timer = setTimeout(() => setSettled(changes), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [changes]);
  return settled;
}

function useSimulation(subject, changes) {
  const settled = useSettled(changes);
  const hasChanges = Object.keys(settled).length > 0;
  return useQuery(
    ['simulate', subject.about, settled],
    (signal) => api.simulate({ ...subject.about, changes: [settled] }, signal),
    {
      enabled: hasChanges,
      keep: true,
      fresh: 60_000,
    },
  );
}

function Levers({ form, application, fields, about }) {
  const { t } = useLanguage();
  const own = [...fields.values()].filter((field) => field.is_actionable);
  return html`
    <form class="card form levers" onSubmit=${(event) => event.preventDefault()} aria-labelledby="levers-title">
      <h2 id="levers-title">${t('simulate.levers')}</h2>
      <p class="card-help">${t('simulate.leversHelp')}</p>
      ${GROUPS.map((kind) => {
        const members = own.filter((field) => field.kind === kind);
        const isOpen =
          kind === 'terms' || kind === 'income' || members.some(({ family }) => family === about);
        const touched = members.filter(({ name }) => name in form.typed).length;
        return html`
          <details key=${kind} class="family" open=${isOpen || touched > 0 || null}>
            <summary><${Icon} name="chevron" /><span>${t(`kind.${kind}`)}</span><span class="family-count">${touched > 0 ? t('simulate.touched', touched) : ''}</span></summary>
            <div class="lever-fields">${members.map((field) => html`<${Lever} key=${field.name} field=${field} form=${form} application=${application} />`)}</div>
          </details>`;
      })}
    </form>`;
}

function Lever({ field, form, application }) {
  const { t, lang, format } = useLanguage();
  const { name } = field;
  const own = application[name];
  const typed = form.typed[name] ?? typedOf(field, own, { lang });
  const isChanged = name in form.changes;
  const hint = isChanged ? t('simulate.was', format.value(own, field)) : undefined;
  return html`
    <div class=${`lever ${isChanged ? 'changed' : ''}`}>
      <${ContractField} id=${`lever-${name}`} field=${field} typed=${typed} mistake=${form.mistakes[name]} hint=${hint} onType=${(value) => form.type(name, value)} />
      ${
        typeof own === 'number' &&
        field.unit === 'currency' &&
        html`
        <input class="lever-range" type="range" min="0.3" max="1.5" step="0.01" aria-label=${t('simulate.slide', labelOf(field, lang))}
          value=${factorOf(form.changes[name] ?? own, own)}
          onInput=${(event) => form.type(name, typedOf(field, Math.round(own * Number(event.currentTarget.value)), { lang }))} />`
      }
    </div>`;
}

function factorOf(value, own) {
  return (Number(value) / own).toFixed(2);
}

function BeforeAfter({ subject, simulated, hasChanges }) {
  const { t, format } = useLanguage();
  const { score } = subject;
  const item = hasChanges ? simulated.value?.items[0] : undefined;
  const after = item?.after ?? null;
  const words =
    after &&
    t('simulate.result', format.percent(after.probability_of_default), t(`verdict.${after.decision}`));
  useEffect(() => {
    if (words && !simulated.busy) announce(words);
  }, [words, simulated.busy]);
  return html`
    <section class="card before-after" aria-labelledby="before-after-title" aria-busy=${String(simulated.busy)}>
      <h2 id="before-after-title">${t('simulate.beforeAfter')}</h2>
      <div class="before-after-figures">
        <${Side} label=${t('simulate.before')} verdict=${score} />
        <${Icon} name="arrowRight" />
        <${Side} label=${t('simulate.after')} verdict=${after ?? score} isFaint=${!after} isMain />
      </div>
      <${Gauge} pd=${(after ?? score).probability_of_default} cutoff=${score.cutoff} />
      ${!hasChanges && html`<p class="card-help">${t('simulate.nothingYet')}</p>`}
      ${hasChanges && simulated.state === 'failed' && html`<${Failure} error=${simulated.error} onRetry=${simulated.reload} />`}
      ${item && html`<${Moves} item=${item} score=${score} />`}
    </section>`;
}

function Side({ label, verdict, isFaint = false, isMain = false }) {
  const { t, format } = useLanguage();
  return html`
    <div class=${`side-figure ${isFaint ? 'faint' : ''} ${isMain ? 'main' : ''}`}>
      <p class="overline">${label}</p>
      <p class="side-pd number">${format.percent(verdict.probability_of_default)}</p>
      <p class=${`chip ${verdict.decision}`}><${Icon} name=${verdict.decision} />${t(`verdict.${verdict.decision}`)}</p>
    </div>`;
}

/** What moved with the change, and which families make the difference. */
function Moves({ item, score }) {
  const { t, wordFor, format } = useLanguage();
  const { fields } = useContract();
  const { lang } = useLanguage();
  const followed = Object.entries(item.applied).filter(([name]) => !(name in item.changes));
  const total = item.after.probability_of_default - score.probability_of_default;
  const moved = item.families.reduce((sum, { change }) => sum + change, 0);
  // The change of the probability, shared out as the change of the log-odds is.
  const points = (change) => (moved === 0 ? 0 : (change / moved) * total);
  const shown = item.families
    .map(({ family, change }) => ({ family, points: points(change) }))
    .filter((each) => directionOf(each.points) !== 'neutral')
    .slice(0, 4);
  return html`
    ${
      followed.length > 0 &&
      html`
      <p class="card-help">
        ${t('simulate.followed')} ${followed.map(([name, value]) => `${labelOf(fields.get(name), lang)} ${format.value(value, fields.get(name))}`).join(' · ')}
      </p>`
    }
    <dl class="pairs">
      ${shown.map(
        (each) => html`
        <div key=${each.family} class="pair"><dt>${wordFor('family', each.family)}</dt><dd class="number">${format.signedPoints(each.points)}</dd></div>`,
      )}
    </dl>`;
}

function Tools({ form }) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  if (form.count === 0) return null;
  return html`
    <div class="form-actions">
      <button type="button" class="button" onClick=${form.reset}>${t('simulate.reset')}</button>
      <button type="button" class="button" onClick=${copy}>${t(copied ? 'simulate.copied' : 'simulate.link')}</button>
    </div>`;
}
