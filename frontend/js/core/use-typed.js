/** What is typed into the fields of a form, by column; a change of the language writes it anew. */
import { retyped } from './contract.js';
import { useLanguage } from './language.js';
import { useState } from './preact.js';

/**
 * @param {() => Record<string, string>} begin what stands there first
 * @param {Map<string, import('./contract.js').Field>} fields
 * @returns {[Record<string, string>, (next: (typed: Record<string, string>) => Record<string, string>) => void]}
 */
export function useTyped(begin, fields) {
  const { lang } = useLanguage();
  const [kept, setKept] = useState(() => ({ lang, typed: begin() }));
  const inLanguage = (last) => (last.lang === lang ? last.typed : written(last, lang, fields));
  return [inLanguage(kept), (next) => setKept((last) => ({ lang, typed: next(inLanguage(last)) }))];
}

function written({ typed, lang: from }, to, fields) {
  return Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, retyped(fields.get(name), text, from, to)]),
  );
}
