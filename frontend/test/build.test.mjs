import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_BYTES = 110_000;
const MOST_FILES = 30;
/** Of one view of files, beside what every view shares. */
const MOST_OF_A_VIEW = 20_000;
/** Where the page is built: not where somebody may be looking at it. */
let built;
/** File -> its text. */
const sources = new Map();

before(async () => {
  built = await mkdtemp(join(tmpdir(), 'page-'));
  execFileSync('node', ['tools/build.mjs', '--to', built], { cwd: root, stdio: 'pipe' });
  for (const file of await readdir(built, { recursive: true }))
    if (/\.(js|css|html)$/.test(file)) sources.set(file, await readFile(join(built, file), 'utf8'));
});

after(() => rm(built, { recursive: true, force: true }));

test('no page has an inline script, style or handler: the policy would refuse it', () => {
  for (const name of ['index.html', 'api-docs.html']) {
    const page = sources.get(name);
    assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)[^>]*>/i);
    assert.doesNotMatch(page, /<script[^>]*>[^<]/i);
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|javascript:/i);
  }
});

test('the page fetches from nowhere but its own site', () => {
  for (const name of ['index.html', 'api-docs.html', 'style.css', 'print.css'])
    assert.doesNotMatch(
      sources.get(name),
      /(?:src|href)="?(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\//,
      name,
    );
});

test('what a page names is there, and so is every module that a module names', async () => {
  const files = new Set(await readdir(built, { recursive: true }));
  for (const page of ['index.html', 'api-docs.html'])
    // What is under api/ is the service's.
    for (const file of filesOf(page).filter((each) => !each.startsWith('api/')))
      assert.ok(files.has(file), `${page} names ${file}`);
  for (const [file, code] of sources)
    if (file === 'app.js' || file.startsWith('parts/'))
      for (const path of [...staticsOf(file), ...laterOf(code).map((each) => resolved(file, each))])
        assert.ok(files.has(path), `${file} names ${path}`);
  for (const [, font] of sources.get('style.css').matchAll(/url\(["']?([^"')]+\.woff2)/g))
    assert.ok(files.has(font), font);
});

test('the licences of all that is built in travel with it', async () => {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const licences = await readdir(join(built, 'licences'));
  for (const name of Object.keys(dependencies))
    assert.ok(licences.includes(`${name.replace('@', '').replace('/', '-')}.txt`), name);
});

for (const lang of ['fr', 'en'])
  test(`the first view is light in ${lang}: page, styles, font, login and its texts`, async () => {
    const files = new Set(['index.html', ...filesOf('index.html'), ...fontsOf('style.css')]);
    for (const file of [
      'app.js',
      partOf('js/session/login-view.js'),
      textsOf(lang, 'core'),
      textsOf(lang, 'session'),
    ])
      follow(file, files);
    const weights = await Promise.all([...files].map(async (file) => [file, await weightOf(file)]));
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    const told = weights
      .sort(([, one], [, other]) => other - one)
      .map(([file, weight]) => `${weight} ${file}`);
    assert.ok(total <= MOST_BYTES, [`${total} bytes`, ...told].join('\n'));
    assert.ok(files.size <= MOST_FILES, [`${files.size} files`, ...told].join('\n'));
  });

test('the login waits for no other view and for no texts but its own', () => {
  const files = new Set();
  for (const file of ['app.js', partOf('js/session/login-view.js')]) follow(file, files);
  const names = [...files].filter((file) => !/^(app|parts\/chunk-\w+|parts\/login-view-\w+)\.?/.test(file));
  assert.deepEqual(names, []);
});

for (const view of ['upload-view', 'batch-view', 'rejects/repair-view', 'pasted/paste-view'])
  test(`the ${view} of files is light, and makes no workbook before somebody asks for one`, async () => {
    const files = new Set();
    follow('app.js', files);
    const shared = new Set(files);
    follow(partOf(`js/batches/${view}.js`), files);
    const own = [...files].filter((file) => !shared.has(file));
    for (const file of own) assert.doesNotMatch(sources.get(file), /sharedStrings|PAR1|SNAPPY/, file);
    const weights = await Promise.all(own.map(weightOf));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    assert.ok(total <= MOST_OF_A_VIEW, `${total} bytes: ${own}`);
  });

/** What a page asks for as soon as it is read. */
function filesOf(page) {
  return [...sources.get(page).matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, file]) => file);
}

function fontsOf(style) {
  return [...sources.get(style).matchAll(/url\(["']?([^"')]+\.woff2)/g)].map(([, file]) => file);
}

/** The file of a view: named as its module is. */
function partOf(module) {
  const stem = module.split('/').at(-1).replace('.js', '');
  const found = [...sources.keys()].filter((file) =>
    new RegExp(`^parts/${stem}-[A-Z0-9]{8}\\.js$`).test(file),
  );
  assert.equal(found.length, 1, `${module}: ${found}`);
  return found[0];
}

/** The files of a section are named alike in both languages: a sentence tells which is which. */
function textsOf(lang, section) {
  const sentence = {
    core: { fr: 'Aller au contenu', en: 'Skip to the content' },
    session: { fr: 'Mot de passe', en: 'User name' },
  };
  const found = [...sources].filter(
    ([file, code]) => file.startsWith(`parts/${section}-`) && code.includes(sentence[section][lang]),
  );
  assert.equal(found.length, 1, `${section} in ${lang}: ${found.map(([file]) => file)}`);
  return found[0][0];
}

/** A module and what it imports before it runs. */
function follow(file, found) {
  found.add(file);
  for (const path of staticsOf(file)) if (!found.has(path)) follow(path, found);
}

function staticsOf(file) {
  return [...sources.get(file).matchAll(/(?:from|import)\s*"(\.[^"]+\.js)"/g)].map(([, path]) =>
    resolved(file, path),
  );
}

function laterOf(code) {
  return [...code.matchAll(/import\("(\.[^"]+\.js)"\)/g)].map(([, path]) => path);
}

function resolved(file, path) {
  return new URL(path, `http://page/${file}`).pathname.slice(1);
}

/** What travels: fonts are packed already. */
async function weightOf(file) {
  const bytes = await readFile(join(built, file));
  return file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
}
