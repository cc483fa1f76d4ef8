/** The language of the page: its texts and its formats follow one signal. */
import { lender } from '../../vendor/lender.js';
import { createFormat } from './format.js';
import { computed, effect, signal } from './preact.js';
import { texts } from '../texts/texts.js';

export const LANGUAGES = ['fr', 'en'];

/** @type {import('../../vendor/preact-signals.js').Signal<'fr' | 'en'>} */
export const lang = signal(document.documentElement.lang === 'fr' ? 'fr' : 'en');

const currency = signal('EUR');
const format = computed(() =>
  createFormat(lang.value, { currency: currency.value, categories: lender.category_words[lang.value] }),
);

effect(() => {
  document.documentElement.lang = lang.value;
});

export function chooseLanguage(chosen) {
  localStorage.setItem('lang', chosen);
  lang.value = chosen;
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
  const text = texts[lang.value][key];
  if (text === undefined) throw new Error(`js/texts.js has no ${lang.value} text called ${key}`);
  const words = typeof text === 'function' ? text(...values) : text;
  return lang.value === 'fr' ? frenchSpaces(words) : words;
}

/** The words for a code of the API; a code that is newer than the page is shown as it is. */
export function wordFor(kind, code) {
  const key = `${kind}.${code}`;
  return key in texts[lang.value] ? t(key) : String(code).replaceAll('_', ' ');
}

/** French puts a space before : ; ! ? and inside « », at which no line may break. */
function frenchSpaces(text) {
  return text.replace(/ ([:;!?»])/g, '\u202f$1').replace(/« /g, '«\u202f');
}

/** What a view needs to speak: read while rendering, so that it renders again when the language changes. */
export function useLanguage() {
  return { t, wordFor, lang: lang.value, format: format.value };
}
