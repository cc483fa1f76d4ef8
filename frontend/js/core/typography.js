/** French puts a space before : ; ! ? % and inside « », at which no line may break. */
export function frenchSpaces(text) {
  return text.replace(/ ([:;!?»%€])/g, '\u202f$1').replace(/« /g, '«\u202f');
}

/** Sentences of the API, which parts its lists as every language may: a; b. */
export function frenchSentence(text) {
  return frenchSpaces(text.replace(/(?<=[^\s;]); /g, ' ; '));
}
