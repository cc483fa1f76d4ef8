import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VIEWS } from '../js/core/views.js';
import { loadTexts } from '../js/texts/loaders.js';

const root = fileURLToPath(new URL('../js/', import.meta.url));
const SECTIONS = (await readdir(join(root, 'texts/fr'))).map((file) => file.replace('.js', ''));
const fr = await sectionsIn('fr');
const en = await sectionsIn('en');
/** The same word, or the same sign, in both languages. */
const SAME = [
  'app.name', 'login.error', 'gauge.', 'metric.', 'model.sha', 'model.version', 'batch.scores', 'batch.cause',
  'reading.', 'mfa.code', 'facts.', 'family.documents', 'family.contact', 'kind.contact', 'simulate.watermark',
  'simulate.title', 'error.', 'decide.code', 'part.', 'filter.', 'login.username',
]; // prettier-ignore

async function sectionsIn(lang) {
  return Object.fromEntries(
    await Promise.all(SECTIONS.map(async (name) => [name, await loadTexts(lang, name)])),
  );
}

for (const section of SECTIONS) {
  test(`French and English say the same things in ${section}`, () => {
    assert.deepEqual(Object.keys(fr[section]).sort(), Object.keys(en[section]).sort());
    for (const [key, text] of Object.entries(en[section])) {
      const other = fr[section][key];
      assert.equal(typeof other, typeof text, key);
      if (typeof text === 'function') {
        assert.equal(other.length, text.length, key);
        continue;
      }
      assert.ok(text.trim() && other.trim(), key);
      if (!SAME.some((prefix) => key.startsWith(prefix))) assert.notEqual(text, other, key);
    }
  });

  test(`the French of ${section} is a bank’s`, () => {
    for (const [key, text] of Object.entries(fr[section])) {
      const words = String(text);
      assert.doesNotMatch(words, /arrêt des paiements|[Pp]artagez|[Gg]uichet/, key);
      if (typeof text === 'string')
        assert.doesNotMatch(words, /[a-zà-ÿ]'[a-zà-ÿ]/i, `${key}: a straight apostrophe`);
    }
  });
}

test('every text that a view asks for is one that it loads', async () => {
  for (const view of VIEWS) {
    const loaded = Object.assign(
      {},
      ...['core', ...(view.texts ?? [])].filter((name) => name in en).map((name) => en[name]),
    );
    const [, path] = /import\(['"](.+?)['"]\)/.exec(String(view.load));
    for (const file of await modulesOf(join(root, 'core', path)))
      for (const key of await keysIn(file))
        assert.ok(key in loaded, `${view.name}: ${relative(root, file)} asks for ${key}`);
  }
});

test('every text is asked for somewhere', async () => {
  const code = (await allModules()).join('\n');
  const stems = [...code.matchAll(/`([\w.]+)\.\$\{/g)].map(([, stem]) => `${stem}.`);
  const kinds = [...code.matchAll(/wordFor\('(\w+)'/g)].map(([, kind]) => `${kind}.`);
  const all = Object.keys(Object.assign({}, ...Object.values(en)));
  const unused = all.filter(
    (key) =>
      !code.includes(`'${key}'`) &&
      ![...stems, ...kinds].some((stem) => key.startsWith(stem)) &&
      !key.endsWith('Help'),
  );
  assert.deepEqual(unused, []);
});

test('words for categories are never empty', async () => {
  for (const lang of ['fr', 'en'])
    for (const [raw, text] of Object.entries(await loadTexts(lang, 'categories')))
      assert.ok(text.trim(), raw);
});

/** A module and what it imports statically, the texts and what is fetched later aside. */
async function modulesOf(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const code = await readFile(file, 'utf8');
  for (const [, path] of code.matchAll(/^(?:import|export)[^;]*?from '(\.[^']+\.js)'/gm))
    await modulesOf(join(dirname(file), path), found);
  return found;
}

async function keysIn(file) {
  const code = await readFile(file, 'utf8');
  return [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key);
}

async function allModules() {
  const files = (await readdir(root, { recursive: true })).filter(
    (file) => file.endsWith('.js') && !file.startsWith('texts/'),
  );
  return Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
}
