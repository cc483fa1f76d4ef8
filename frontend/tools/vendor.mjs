/**
 * Copies the pinned libraries into vendor/, the only third-party code that the page loads.
 *
 * The page has no bundler and no import map (an inline import map would need a hole in the
 * Content-Security-Policy), so bare specifiers are rewritten to neighbouring files here.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'node_modules');
const target = join(root, 'vendor');

/** What the page says of this lender's columns: the domain package's own tables, as a module. */
const LENDER = join(root, '../layers/credit_scoring/python/credit_scoring/lender');

/** vendor file -> file of the package. */
const MODULES = {
  'preact.js': 'preact/dist/preact.mjs',
  'preact-hooks.js': 'preact/hooks/dist/hooks.mjs',
  'preact-signals.js': '@preact/signals/dist/signals.mjs',
  'signals-core.js': '@preact/signals-core/dist/signals-core.mjs',
  'htm.js': 'htm/dist/htm.mjs',
  'echarts.js': 'echarts/dist/echarts.esm.min.mjs',
  'uqr.js': 'uqr/dist/index.mjs',
};

/** bare specifier -> vendor file. */
const SPECIFIERS = {
  preact: 'preact.js',
  'preact/hooks': 'preact-hooks.js',
  '@preact/signals-core': 'signals-core.js',
};

/** vendor file -> package whose types it has, for `tsc`; they are not published. */
const TYPES = {
  'preact.d.ts': 'preact',
  'preact-hooks.d.ts': 'preact/hooks',
  'preact-signals.d.ts': '@preact/signals',
  'echarts.d.ts': 'echarts',
  'uqr.d.ts': 'uqr',
};

const FILES = {
  'licences/echarts-notice.txt': 'echarts/NOTICE',
  'swagger-ui.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'swagger-ui.css': 'swagger-ui-dist/swagger-ui.css',
  'licences/swagger-ui-notice.txt': 'swagger-ui-dist/NOTICE',
  'licences/swagger-ui-bundle.txt': 'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt',
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
};

/** Licences travel with the copies, as they ask. */
const LICENCES = [
  'preact',
  '@preact/signals',
  '@preact/signals-core',
  'htm',
  'echarts',
  'swagger-ui-dist',
  'uqr',
  '@fontsource-variable/inter',
];

/**
 * Points every import of a module at a file of vendor/.
 *
 * @param {string} code
 * @param {string} name for the message when an import is not known
 */
export function rewriteImports(code, name) {
  const rewritten = code.replace(/\b(from|import)\s*(["'])([^"']+)\2/g, (all, keyword, quote, specifier) => {
    if (specifier.startsWith('.')) return all;
    const file = SPECIFIERS[specifier];
    if (!file) throw new Error(`${name} imports ${specifier}: add it to tools/vendor.mjs`);
    return `${keyword}${quote}./${file}${quote}`;
  });
  return rewritten.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
}

async function copyModule([file, from]) {
  const code = await readFile(join(source, from), 'utf8');
  // ECharts is one closed file; looking for imports in its megabyte would find words in strings.
  await writeFile(join(target, file), file === 'echarts.js' ? code : rewriteImports(code, from));
}

const writeTypes = ([file, name]) => writeFile(join(target, file), `export * from '${name}';\n`);

async function writeLender() {
  const read = async (file) => JSON.parse(await readFile(join(LENDER, file), 'utf8'));
  const tables = { ...(await read('page.json')), category_words: await read('category_words.json') };
  await writeFile(join(target, 'lender.js'), `export const lender = ${JSON.stringify(tables)};\n`);
}

async function copyLicence(name) {
  const file = join(target, 'licences', `${name.replace('@', '').replace('/', '-')}.txt`);
  await cp(join(source, name, 'LICENSE'), file);
}

async function main() {
  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, 'licences'), { recursive: true });
  await Promise.all(Object.entries(MODULES).map(copyModule));
  await Promise.all(Object.entries(FILES).map(([file, from]) => cp(join(source, from), join(target, file))));
  await Promise.all(LICENCES.map(copyLicence));
  await Promise.all(Object.entries(TYPES).map(writeTypes));
  await writeFile(join(target, 'htm.d.ts'), "export { default } from 'htm';\n");
  await writeLender();
  const count = Object.keys(MODULES).length + Object.keys(FILES).length;
  console.log(`vendor: ${count} files copied to frontend/vendor`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
