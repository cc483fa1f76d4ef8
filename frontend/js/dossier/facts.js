/** The applicant's file: what an advisor asks for first, then everything by family, searched and filtered. */
import { draftOf } from './draft.js';
import { hrefFor } from '../core/addresses.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { lender } from '../core/lender.js';
import { html, useMemo, useState } from '../core/preact.js';
import { useQuery } from '../core/queries.js';
import { api } from '../core/services.js';
import { Icon } from '../components/icon.js';

/** @param {{id: string, profile: any, score: any}} props */
export function Facts({ id, profile, score }) {
  const columns = useMemo(
    () => new Map(profile.columns.map((column) => [column.name, column])),
    [profile.columns],
  );
  const values = useMemo(
    () => ({ ...profile.application, ...profile.history }),
    [profile.application, profile.history],
  );
  const { corrections } = draftOf(id).value;
  const places = usePlaces(id, corrections);
  const read = useMemo(() => new Set(score.contributions.map(({ feature }) => feature)), [score]);
  const given = { id, values, columns, places, read };
  return html`
    <${MainFacts} ...${given} />
    <${AllFacts} ...${given} />`;
}

/** Column -> share of all applicants with less, for those that the model reads; a corrected value has no place. */
function usePlaces(id, corrections) {
  const { value } = useQuery(['places', id], (signal) => api.places(id, signal), { fresh: 60_000 });
  return useMemo(
    () =>
      new Map(
        (value?.items ?? [])
          .filter(({ feature }) => !(feature in corrections))
          .map((item) => [item.feature, item.share_below]),
      ),
    [value, corrections],
  );
}

function MainFacts({ columns, ...given }) {
  const { t } = useLanguage();
  return html`
    <section class="card facts" aria-labelledby="facts-title">
      <h2 id="facts-title">${t('facts.heading')}</h2>
      ${Object.entries(lender.first_facts).map(
        ([group, names]) => html`
        <div key=${group} class="fact-group">
          <h3>${t(`facts.${group}`)}</h3>
          <${Pairs} names=${names.filter((name) => columns.has(name))} columns=${columns} ...${given} />
        </div>`,
      )}
    </section>`;
}

function AllFacts({ columns, values, ...given }) {
  const { t } = useLanguage();
  const [wanted, setWanted] = useState('');
  const [only, setOnly] = useState('all');
  const families = useFamilies(columns, values, wanted, only);
  const isNarrow = wanted !== '' || only !== 'all';
  return html`
    <section class="card all-facts" aria-labelledby="all-facts-title">
      <div class="card-head">
        <h2 id="all-facts-title">${t('facts.all')}</h2>
        <div class="facts-tools no-print">
          <input class="input filter" type="search" value=${wanted} aria-label=${t('facts.search')} placeholder=${t('facts.search')}
            onInput=${(event) => setWanted(event.currentTarget.value)} />
          <div class="segments" role="group" aria-label=${t('facts.show')}>
            ${['all', 'given', 'missing'].map(
              (name) => html`
              <button key=${name} type="button" class="segment" aria-pressed=${String(only === name)} onClick=${() => setOnly(name)}>
                ${t(`facts.only.${name}`)}
              </button>`,
            )}
          </div>
        </div>
      </div>
      <p class="card-help">${t('facts.allHelp')}</p>
      ${families.size === 0 && html`<p class="side-empty">${t('facts.nothing')}</p>`}
      ${[...families].map(
        ([family, names]) => html`
        <${Family} key=${family} family=${family} names=${names} isOpen=${isNarrow} columns=${columns} values=${values} ...${given} />`,
      )}
    </section>`;
}

function Family({ family, names, isOpen, ...given }) {
  const { t, wordFor } = useLanguage();
  const [toggled, setToggled] = useState(false);
  const known = names.filter((name) => isGiven(given.values, name)).length;
  return html`
    <details class="family" open=${isOpen || null} onToggle=${(event) => setToggled(event.currentTarget.open)}>
      <summary>
        <${Icon} name="chevron" />
        <span>${wordFor('family', family)}</span>
        <span class="family-count">${t('facts.given', known, names.length)}</span>
      </summary>
      ${(toggled || isOpen) && html`<${Pairs} names=${names} ...${given} />`}
    </details>`;
}

function Pairs({ id, names, values, columns, places, read }) {
  const { t, lang, format } = useLanguage();
  return html`
    <dl class="pairs">
      ${names.map(
        (name) => html`
        <div key=${name} class="pair">
          <dt>${labelOf(columns.get(name), lang)}</dt>
          <dd class=${isGiven(values, name) ? '' : 'missing'}>
            ${format.value(values[name], columns.get(name))}
            ${
              read.has(name) &&
              isGiven(values, name) &&
              html`
              <a class="place no-facing" href=${hrefFor('compare', { id }, { feature: name })}>
                ${places.has(name) ? t('facts.place', format.wholePercent(places.get(name))) : t('facts.compare')}
              </a>`
            }
          </dd>
        </div>`,
      )}
    </dl>`;
}

function isGiven(values, name) {
  return values[name] !== null && values[name] !== undefined;
}

/** @returns {Map<string, string[]>} family -> names of its columns that fit, in the contract's order */
function useFamilies(columns, values, wanted, only) {
  const { lang } = useLanguage();
  return useMemo(() => {
    const families = new Map();
    const text = plain(wanted);
    for (const column of columns.values()) {
      const { name, family } = column;
      if (name === lender.id || (only !== 'all' && isGiven(values, name) !== (only === 'given'))) continue;
      if (text && !plain(labelOf(column, lang)).includes(text)) continue;
      families.set(family, [...(families.get(family) ?? []), name]);
    }
    return families;
  }, [columns, values, wanted, only, lang]);
}

/** Without accents and capitals: people search as they type. */
function plain(text) {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .trim();
}
