/** What is typed into the fields of a form, by column; a change of the language writes it anew. */
import { retyped } from './contract.js';
import { useLanguage } from './language.js';
import { signal, useState } from './preact.js';

/**
 * @param {() => Record<string, string>} begin what stands there first
 * @param {Map<string, import('./contract.js').Field>} fields
 * @param {{value: {lang: 'fr' | 'en', typed: Record<string, string>}}} [store] where it is kept, if not here
 * @returns {[Record<string, string>, (next: (typed: Record<string, string>) => Record<string, string>) => void]}
 */
export function useTyped(begin, fields, store) {
  const { lang } = useLanguage();
  const [own] = useState(() => signal({ lang, typed: begin() }));
  const kept = store ?? own;
  const inLanguage = (last) => (last.lang === lang ? last.typed : written(last, lang, fields));
  const change = (next) => (kept.value = { lang, typed: next(inLanguage(kept.value)) });
  return [inLanguage(kept.value), change];
}

function written({ typed, lang: from }, to, fields) {
  return Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, retyped(fields.get(name), text, from, to)]),
  );
}
