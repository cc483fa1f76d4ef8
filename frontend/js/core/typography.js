/** Words that stay on the line of their number. */
const UNITS = /(\d) (ans?|mois|jours?|points?|échéances?|éch\.)(?!\p{L})/gu;

/** French puts a space before : ; ! ? % and inside « », at which no line may break, and none after a number. */
export function frenchSpaces(text) {
  return text
    .replace(/ ([:;!?»%€])/g, '\u202f$1')
    .replace(/« /g, '«\u202f')
    .replace(UNITS, '$1\u00a0$2');
}

/** Sentences of the API, which parts its lists as every language may: a; b. */
export function frenchSentence(text) {
  return frenchSpaces(text.replace(/(?<=[^\s;]); /g, ' ; '));
}

/** A label within a sentence, without the capital of its beginning; an abbreviation keeps its own. */
export function inSentence(label) {
  return /^\p{Lu}(?!\p{Lu})/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
}
