/** The runbook as data: an entry an alarm, its words and its three steps. */
import { frenchSpaces } from '../js/core/typography.js';

/** Under "## Alarms": "#### Name", what it means, then numbered steps. */
const ENTRY = /^#### (\w+)\n([\s\S]*?)(?=^#{1,4} |(?![\s\S]))/gm;

/**
 * @param {string} page Markdown
 * @param {'fr' | 'en'} lang
 * @returns {Record<string, {text: string[], steps: string[]}>} by anchor
 */
export function readRunbook(page, lang) {
  const words = lang === 'fr' ? frenchSpaces(page) : page;
  const alarms = words.split(/^## Alarms$/m)[1]?.split(/^## /m)[0] ?? '';
  return Object.fromEntries(
    [...alarms.matchAll(ENTRY)].map(([, name, body]) => [name.toLowerCase(), readEntry(body)]),
  );
}

function readEntry(body) {
  const [text, ...steps] = body.trim().split(/^\d+\. /m);
  return { text: paragraphs(text), steps: steps.map((step) => plain(step)) };
}

function paragraphs(text) {
  return text
    .split(/\n\s*\n/)
    .map(plain)
    .filter(Boolean);
}

/** Marks of Markdown mean nothing to a reader of plain text. */
function plain(text) {
  return text
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
