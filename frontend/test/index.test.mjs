import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = await readFile(join(root, 'index.html'), 'utf8');

/** The modules that app.js needs before it can run, by following its static imports. */
async function neededBy(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const code = await readFile(join(root, file), 'utf8');
  for (const [, path] of code.matchAll(/(?:\bfrom|^import)\s*["'](\.[^"']+)["']/gm))
    await neededBy(join(dirname(file), path), found);
  return found;
}

test('index.html asks for every module of the first view at once, and for no other', async () => {
  const needed = [...(await neededBy('js/app.js'))].filter((file) => file !== 'js/app.js').sort();
  const preloaded = [...page.matchAll(/modulepreload" href="([^"]+)"/g)].map(([, file]) => file);
  assert.deepEqual(preloaded, needed);
});

test('the page has no inline script and no inline style, which the policy would refuse', () => {
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)[^>]*>/);
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
});
