/** The applicant's file: first what an advisor asks for, then everything by theme. */
import { lender } from '../../vendor/lender.js';
import { labelOf } from '../core/format.js';
import { useLanguage } from '../core/language.js';
import { html } from '../core/preact.js';
import { Icon } from '../components/icon.js';

/** @param {{values: Record<string, unknown>, columns: Map<string, import('../core/format.js').Column>}} props */
export function MainFacts({ values, columns }) {
  const { t } = useLanguage();
  return html`
    <section class="card facts" aria-labelledby="facts-title">
      <h2 id="facts-title">${t('facts.heading')}</h2>
      ${Object.entries(lender.first_facts).map(
        ([group, names]) => html`
        <div key=${group} class="fact-group">
          <h3>${t(`facts.${group}`)}</h3>
          <${Pairs} names=${names.filter((name) => columns.has(name))} values=${values} columns=${columns} />
        </div>`,
      )}
    </section>`;
}

/** Everything, folded by family: a family is opened when it is wanted. */
export function AllFacts({ values, columns }) {
  const { t } = useLanguage();
  return html`
    <section class="card all-facts" aria-labelledby="all-facts-title">
      <h2 id="all-facts-title">${t('facts.all')}</h2>
      <p class="card-help">${t('facts.allHelp')}</p>
      ${[...byFamily(columns)].map(
        ([family, names]) => html`
        <${Family} key=${family} family=${family} names=${names} values=${values} columns=${columns} />`,
      )}
    </section>`;
}

function Family({ family, names, values, columns }) {
  const { t, wordFor } = useLanguage();
  const given = names.filter((name) => values[name] !== null && values[name] !== undefined).length;
  return html`
    <details class="family">
      <summary>
        <${Icon} name="chevron" />
        <span>${wordFor('family', family)}</span>
        <span class="family-count">${t('facts.given', given, names.length)}</span>
      </summary>
      <${Pairs} names=${names} values=${values} columns=${columns} />
    </details>`;
}

function Pairs({ names, values, columns }) {
  const { lang, format } = useLanguage();
  const missing = (name) => values[name] === null || values[name] === undefined;
  return html`
    <dl class="pairs">
      ${names.map(
        (name) => html`
        <div key=${name} class="pair">
          <dt>${labelOf(columns.get(name), lang)}</dt>
          <dd class=${missing(name) ? 'missing' : ''}>${format.value(values[name], columns.get(name))}</dd>
        </div>`,
      )}
    </dl>`;
}

/** @returns {Map<string, string[]>} family -> names of its columns, in the contract's order */
function byFamily(columns) {
  const families = new Map();
  for (const { name, family } of columns.values()) {
    if (name === lender.id) continue;
    families.set(family, [...(families.get(family) ?? []), name]);
  }
  return families;
}
