import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { loadTexts } from '../js/texts/loaders.js';
import { readHelp } from '../tools/help.mjs';
import { ROOT } from './code.mjs';

const FOLDER = join(ROOT, '..', '..', 'docs', 'help');
const LANGUAGES = ['en', 'fr'];
const help = {};

before(async () => {
  for (const lang of LANGUAGES) help[lang] = await readHelp(FOLDER, lang);
});

/** Everything that the page says in a language without a value put in. */
async function wordsOf(lang) {
  const files = await readdir(join(ROOT, 'texts', lang));
  const sections = await Promise.all(files.map((file) => loadTexts(lang, file.replace('.js', ''))));
  const all = sections.flatMap((section) => Object.values(section));
  return new Set(all.filter((text) => typeof text === 'string').map(plain));
}

/** With one plain space wherever there is any. */
function plain(text) {
  return text.replace(/\s+/g, ' ');
}

test('both languages have the same pages, as long as each other', () => {
  assert.deepEqual(Object.keys(help.fr), Object.keys(help.en));
  for (const [page, text] of Object.entries(help.en))
    for (const tag of ['<h2', '<h3', '<li', '<tr', '<kbd'])
      assert.equal(help.fr[page].split(tag).length, text.split(tag).length, `${page} ${tag}`);
});

for (const lang of LANGUAGES)
  test(`what the ${lang} help sets in bold is written on the page`, async () => {
    const words = await wordsOf(lang);
    const pages = (await readdir(join(FOLDER, lang))).filter((file) => file.endsWith('.md'));
    let count = 0;
    for (const file of pages) {
      const text = await readFile(join(FOLDER, lang, file), 'utf8');
      for (const [, label] of text.matchAll(/\*\*([^*]+)\*\*/g)) {
        assert.ok(words.has(plain(label)), `${lang}/${file}: ${label}`);
        count += 1;
      }
    }
    assert.ok(count > 40, String(count));
  });

test('nothing of the help can run, fetch or lead out of the page', () => {
  for (const lang of LANGUAGES)
    for (const [page, text] of Object.entries(help[lang]))
      assert.doesNotMatch(text, /<(script|style|img|iframe|form|a)\b|\son\w+=/i, `${lang}/${page}`);
});

test('a line of the French help never breaks before its punctuation', () => {
  for (const text of Object.values(help.fr)) assert.doesNotMatch(text, / [:;!?»%€]|« /);
});
