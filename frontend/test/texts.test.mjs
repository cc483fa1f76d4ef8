import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { lender } from '../vendor/lender.js';
import { texts } from '../js/texts/texts.js';

const { fr, en } = texts;

test('French and English say the same things', () => {
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
});

test('a text takes the same values in both languages', () => {
  for (const key of Object.keys(en)) {
    assert.equal(typeof fr[key], typeof en[key], key);
    if (typeof en[key] === 'function') assert.equal(fr[key].length, en[key].length, key);
  }
});

test('no text is empty, and none was forgotten in the other language', () => {
  const same = [
    'app.name',
    'login.error',
    'gauge',
    'metric',
    'model.sha',
    'model.version',
    'family.documents',
    'family.contact',
    'facts',
    'batch.scores',
    'why.table',
    'batch.cause',
    'reading.decimal.point',
    'reading.newline',
    'reading.container',
    'mfa.code',
  ];
  for (const [key, text] of Object.entries(en)) {
    if (typeof text === 'function') continue;
    assert.ok(text.trim() && fr[key].trim(), key);
    if (!same.some((prefix) => key.startsWith(prefix))) assert.notEqual(text, fr[key], key);
  }
});

test('every text that the code asks for by name exists', async () => {
  for (const { file, code } of await modules()) {
    for (const [, key] of code.matchAll(/\bt\(\s*'([\w.]+)'/g))
      assert.ok(key in en, `${file} asks for ${key}`);
  }
});

test('every text is asked for somewhere', async () => {
  const code = (await modules()).map((module) => module.code).join('\n');
  const stems = [...code.matchAll(/`([\w.]+)\.\$\{/g)].map(([, stem]) => `${stem}.`);
  const kinds = [...code.matchAll(/wordFor\('(\w+)'/g)].map(([, kind]) => `${kind}.`);
  const unused = Object.keys(en).filter(
    (key) => !code.includes(`'${key}'`) && ![...stems, ...kinds].some((stem) => key.startsWith(stem)),
  );
  assert.deepEqual(
    unused.filter((key) => !key.endsWith('Help')),
    [],
  );
});

test('words for categories are never empty', () => {
  for (const words of Object.values(lender.category_words))
    for (const [raw, text] of Object.entries(words)) assert.ok(text.trim(), raw);
});

async function modules() {
  const root = new URL('../js/', import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter(
    (file) => file.endsWith('.js') && !file.startsWith('texts/'),
  );
  return Promise.all(
    files.map(async (file) => ({ file, code: await readFile(new URL(file, root), 'utf8') })),
  );
}
