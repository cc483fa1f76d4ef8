/** French puts a space before : ; ! ? % and inside « », at which no line may break. */
export function frenchSpaces(text) {
  return text.replace(/ ([:;!?»%€])/g, '\u202f$1').replace(/« /g, '«\u202f');
}
