/**
 * The model card, a document of its own, shown inside the page without breaking the page's policy:
 * its style becomes a style sheet of a shadow root (a <style> element is refused, in a tab of its
 * own, too, since that inherits the policy), and nothing of it can run or fetch.
 *
 * @typedef {{lang: string, style: string, body: HTMLElement}} Card
 */

const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/gi;
const UNWANTED = 'script, link, meta, base, iframe, object, embed, form, h1';
/** What differs below the page's own header, which stays in view, and inside its main part. */
const FIT = `body { background: none }
  .page { padding: 0 }
  .page > div { grid-column: 2 }
  section { scroll-margin-top: 5rem }
  nav { top: 5rem }`;

/** @param {string} text HTML @returns {Card} its first heading is left to the view */
export function readCard(text) {
  const style = [...text.matchAll(STYLE)].map(([, content]) => content).join('\n');
  const card = new DOMParser().parseFromString(text.replace(STYLE, ''), 'text/html');
  for (const element of card.querySelectorAll(UNWANTED)) element.remove();
  // A page has one main part, and the view is in it already.
  for (const main of card.querySelectorAll('main')) main.replaceWith(wrap(main.childNodes));
  return { lang: card.documentElement.lang, style: style.replaceAll(':root', ':host'), body: card.body };
}

function wrap(children) {
  const part = document.createElement('div');
  part.append(...children);
  return part;
}

/** @param {HTMLElement} host @param {Card} card */
export function showCard(host, card) {
  const root = host.shadowRoot ?? attachRoot(host);
  root.adoptedStyleSheets = [card.style, FIT].map(makeSheet);
  root.replaceChildren(card.body);
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

/** What stands after # is the page's route: a link within the card scrolls, and leaves it alone. */
function followAnchor(event, root) {
  const target = event.target.closest('a')?.getAttribute('href');
  if (!target?.startsWith('#')) return;
  event.preventDefault();
  root.getElementById(target.slice(1))?.scrollIntoView();
}
