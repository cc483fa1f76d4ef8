/** The language of the page: its texts and its formats follow one signal. */
import { createFormat } from './format.js';
import { computed, effect, signal } from './preact.js';
import { frenchSentence, frenchSpaces } from './typography.js';
import { loadTexts } from '../texts/loaders.js';

export const LANGUAGES = ['fr', 'en'];

/** @type {import('@preact/signals').Signal<'fr' | 'en'>} */
export const lang = signal(globalThis.document?.documentElement.lang === 'fr' ? 'fr' : 'en');

const currency = signal('EUR');
/** What is loaded of each language: sections of texts, merged; categories apart. */
const dictionaries = { fr: {}, en: {} };
const sections = new Set();
/** @type {import('@preact/signals').Signal<Record<string, Record<string, string>>>} */
const categories = signal({ fr: {}, en: {} });
const format = computed(() =>
  createFormat(lang.value, { currency: currency.value, categories: categories.value[lang.value] }),
);

effect(() => {
  if (globalThis.document) document.documentElement.lang = lang.value;
});

/** Fetches sections of texts in the present language, unless they are there. */
export async function needTexts(...names) {
  names.forEach((name) => sections.add(name));
  await loadInto(lang.value);
}

/** Changes the language once all texts that are in use have come. */
export async function chooseLanguage(chosen) {
  // A view that is opened meanwhile asks for more.
  for (let known = -1; known < sections.size;) {
    known = sections.size;
    await loadInto(chosen);
  }
  localStorage.setItem('lang', chosen);
  lang.value = chosen;
}

async function loadInto(language) {
  const names = [...sections];
  const parts = await Promise.all(names.map((name) => loadTexts(language, name)));
  for (const [index, name] of names.entries())
    if (name === 'categories') categories.value = { ...categories.value, [language]: parts[index] };
    else Object.assign(dictionaries[language], parts[index]);
}

export function setCurrency(code) {
  currency.value = code;
}

/**
 * A text of the page; those with a number or a name in them are functions of it.
 *
 * @param {string} key
 */
export function t(key, ...values) {
  const text = dictionaries[lang.value][key];
  if (text === undefined) throw new Error(`No ${lang.value} text that is loaded is called ${key}`);
  const words = typeof text === 'function' ? text(...values) : text;
  return lang.value === 'fr' ? frenchSpaces(words) : words;
}

export function hasText(key) {
  return key in dictionaries[lang.value];
}

/** The words for a code of the API; a code that is newer than the page is shown as it is. */
export function wordFor(kind, code) {
  const key = `${kind}.${code}`;
  return hasText(key) ? t(key) : String(code).replaceAll('_', ' ');
}

/** What the API says in both languages, in the reader's. */
export function sayIn(words) {
  return lang.value === 'fr' ? frenchSentence(words.fr) : words.en;
}

/** What a view needs to speak: read while rendering, so that it renders again when the language changes. */
export function useLanguage() {
  return { t, wordFor, sayIn, lang: lang.value, format: format.value };
}
