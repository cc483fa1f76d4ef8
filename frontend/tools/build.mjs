/**
 * Puts the page together: modules and style sheets into few small files, libraries beside them.
 *
 * Each view, and the texts of each view and language, become a file of their own that is fetched
 * when it is first needed. `--watch` builds again whenever a source changes; `--to` builds elsewhere.
 */
import { context, build } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readHelp } from './help.mjs';
import { readRunbook } from './runbook.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: given } = parseArgs({ options: { watch: { type: 'boolean' }, to: { type: 'string' } } });
const target = given.to ?? join(root, 'dist');

/** Copied as they are: file of the target -> where it comes from. */
const FILES = {
  'index.html': 'index.html',
  'api-docs.html': 'api-docs.html',
  'icon.svg': 'icon.svg',
  'inter-latin.woff2': 'node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'swagger-ui.js': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  'swagger-ui.css': 'node_modules/swagger-ui-dist/swagger-ui.css',
  'licences/swagger-ui-notice.txt': 'node_modules/swagger-ui-dist/NOTICE',
  'licences/swagger-ui-bundle.txt': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt',
};

/** Licences travel with the code, as they ask. */
const LICENCES = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  'htm',
  '@tanstack/query-core',
  'swagger-ui-dist',
  'uqr',
  'hyparquet-writer',
  'hyparquet',
  'write-excel-file',
  'fflate',
  '@fontsource-variable/inter',
];

const MODULES = {
  entryPoints: { app: join(root, 'js/app.js') },
  outdir: target,
  bundle: true,
  splitting: true,
  format: 'esm',
  chunkNames: 'parts/[name]-[hash]',
  alias: { fflate: join(root, 'tools/zip-here.js') },
};

/** Runs before the first paint, so that no page flashes in the wrong theme: plain scripts. */
const SCRIPTS = {
  entryPoints: {
    preferences: join(root, 'js/core/preferences.js'),
    'api-docs': join(root, 'js/api-docs.js'),
  },
  outdir: target,
};

const STYLES = {
  entryPoints: { style: join(root, 'styles/page.css'), print: join(root, 'styles/print.css') },
  outdir: target,
  bundle: true,
  external: ['*.woff2'],
};

const COMMON = {
  minify: true,
  target: ['es2022', 'chrome123', 'firefox121', 'safari17.5'],
  logLevel: 'warning',
  legalComments: 'none',
};

async function copyFiles() {
  const files = { ...FILES };
  for (const name of LICENCES)
    files[`licences/${name.replace('@', '').replace('/', '-')}.txt`] = `node_modules/${name}/LICENSE`;
  await mkdir(join(target, 'licences'), { recursive: true });
  await Promise.all(Object.entries(files).map(([file, from]) => cp(join(root, from), join(target, file))));
}

/** What the documents say, where the page shows it. */
async function copyDocuments() {
  const docs = join(root, '..', 'docs');
  for (const [lang, alarms] of Object.entries({ fr: 'alarms.fr.md', en: 'operations.md' })) {
    const runbook = readRunbook(await readFile(join(docs, alarms), 'utf8'), lang);
    await writeJson(`runbook/${lang}.json`, runbook);
    await writeJson(`help/${lang}.json`, await readHelp(join(docs, 'help'), lang));
  }
}

async function writeJson(name, value) {
  const file = join(target, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(value));
}

async function main() {
  await rm(target, { recursive: true, force: true });
  await copyFiles();
  await copyDocuments();
  const parts = [MODULES, SCRIPTS, STYLES].map((part) => ({ ...COMMON, ...part }));
  if (given.watch) {
    const contexts = await Promise.all(parts.map((part) => context(part)));
    await Promise.all(contexts.map((each) => each.watch()));
    console.log('page: watching');
    return;
  }
  await Promise.all(parts.map((part) => build(part)));
  console.log(`page: built in ${given.to ?? 'frontend/dist'}`);
}

await main();
