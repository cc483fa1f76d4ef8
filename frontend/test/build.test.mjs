import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** What a browser asks for before the login, beside what app.js imports: shell and language are fetched on the way. */
const FIRST = [
  'index.html',
  'preferences.js',
  'style.css',
  'print.css',
  'app.js',
  'inter-latin.woff2',
  'icon.svg',
];
const MOST_BYTES = 110_000;
const MOST_FILES = 30;

before(() => execFileSync('node', ['tools/build.mjs'], { cwd: root, stdio: 'pipe' }));

test('the page has no inline script and no inline style, which the policy would refuse', async () => {
  for (const name of ['index.html', 'api-docs.html']) {
    const page = await readFile(join(dist, name), 'utf8');
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)[^>]*>/);
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
  }
});

test('the first view is light', async () => {
  const names = await readdir(join(dist, 'parts'));
  // Of each text both languages are built; the larger one counts.
  const late = ['login-view', 'core', 'session'].map((stem) =>
    names.filter((name) => name.startsWith(`${stem}-`)),
  );
  const files = new Set(FIRST);
  for (const name of ['app.js', ...late.flat().map((file) => `parts/${file}`)]) await follow(name, files);
  const sizes = new Map(await Promise.all([...files].map(async (file) => [file, await weight(file)])));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(total <= MOST_BYTES, `${total} bytes: ${JSON.stringify([...sizes])}`);
  assert.ok(files.size <= MOST_FILES, [...files].join(' '));
});

/** A module and what it imports before it runs. */
async function follow(file, found) {
  if (found.has(file) && file !== 'app.js') return;
  found.add(file);
  const code = await readFile(join(dist, file), 'utf8');
  for (const [, path] of code.matchAll(/(?:from|import)"(\.\.?\/[^"]+\.js)"/g))
    await follow(join(dirname(file), path), found);
}

async function weight(file) {
  const bytes = await readFile(join(dist, file));
  return file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
}
