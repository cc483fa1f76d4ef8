/** The help of docs/help as data for the page: Markdown becomes HTML when the page is built. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Marked } from 'marked';
import { frenchSpaces } from '../js/core/typography.js';

const markdown = new Marked({ gfm: true });

/** @param {string} folder @param {'fr' | 'en'} lang @returns {Promise<Record<string, string>>} page -> HTML */
export async function readHelp(folder, lang) {
  const files = (await readdir(join(folder, lang))).filter((file) => file.endsWith('.md')).sort();
  const page = async (file) => [
    file.replace('.md', ''),
    toHtml(await readFile(join(folder, lang, file), 'utf8'), lang),
  ];
  return Object.fromEntries(await Promise.all(files.map(page)));
}

/** The title of a document is a heading of the view: the view has a title of its own. */
function toHtml(text, lang) {
  const html = markdown
    .parse(lang === 'fr' ? frenchSpaces(text) : text)
    .replaceAll(/<(\/?)h([123])>/g, (_, end, level) => `<${end}h${Math.min(Number(level) + 1, 3)}>`)
    .replaceAll('<table>', '<div class="table-frame" tabindex="0"><table class="table">')
    .replaceAll('</table>', '</table></div>');
  return html;
}
