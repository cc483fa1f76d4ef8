/**
 * A document of the service (a card, a letter) shown inside the page without breaking its policy: its
 * style becomes a style sheet of a shadow root (a <style> element is refused, in a tab of its own,
 * too, since that inherits the policy), and nothing of it can run or fetch.
 *
 * @typedef {{lang: string, style: string, body: HTMLElement}} HtmlDocument
 */

const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/gi;
const UNWANTED = 'script, link, meta, base, iframe, object, embed, form';

/** @param {string} text HTML @param {string} [without] further elements to leave out @returns {HtmlDocument} */
export function readDocument(text, without) {
  const style = [...text.matchAll(STYLE)].map(([, content]) => content).join('\n');
  const page = new DOMParser().parseFromString(text.replace(STYLE, ''), 'text/html');
  for (const element of page.querySelectorAll(without ? `${UNWANTED}, ${without}` : UNWANTED))
    element.remove();
  // A page has one main part and one banner, and the view is in them already.
  for (const part of page.querySelectorAll('main, header')) part.replaceWith(wrap(part));
  return { lang: page.documentElement.lang, style: style.replaceAll(':root', ':host'), body: page.body };
}

function wrap(part) {
  const plain = document.createElement('div');
  plain.className = part.localName;
  plain.append(...part.childNodes);
  return plain;
}

/** @param {HTMLElement} host @param {HtmlDocument} page @param {string} [fit] style that goes before nothing else */
export function showDocument(host, page, fit = '') {
  const root = host.shadowRoot ?? attachRoot(host);
  root.adoptedStyleSheets = [page.style, fit].map(makeSheet);
  root.replaceChildren(page.body);
}

function attachRoot(host) {
  const root = host.attachShadow({ mode: 'open' });
  root.addEventListener('click', (event) => followAnchor(event, root));
  return root;
}

function makeSheet(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/** What stands after # is the page's route: a link within the document scrolls, and leaves it alone. */
function followAnchor(event, root) {
  const target = event.target.closest('a')?.getAttribute('href');
  if (!target?.startsWith('#')) return;
  event.preventDefault();
  root.getElementById(target.slice(1))?.scrollIntoView();
}
