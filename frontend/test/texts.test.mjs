import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { FILTERS, STATES } from '../js/applicants/filters.js';
import { LANGUAGES } from '../js/core/language.js';
import { lender } from '../js/core/lender.js';
import { VIEWS } from '../js/core/views.js';
import { loadTexts } from '../js/texts/loaders.js';
import { ROOT, allModules, factsOf } from './code.mjs';

const SECTIONS = (await readdir(join(ROOT, 'texts/fr'))).map((file) => file.replace('.js', ''));
const texts = { fr: await sectionsIn('fr'), en: await sectionsIn('en') };
const KEYS = new Set(SECTIONS.flatMap((section) => Object.keys(texts.en[section])));
const modules = new Map(
  await Promise.all((await allModules()).map(async (file) => [file, await factsOf(file, KEYS)])),
);

/** The same in both languages: names, signs, and words that both have. */
const SAME = [
  'app.name', 'batch.cause', 'batch.scores', 'candidates.auc', 'drift.by.source', 'drift.estimate.auc', 'drift.scores', 'family.documents', 'family.contact', 'help.page.data-scientist',
  'lineage.commit', 'lineage.lightgbm', 'lineage.python', 'mfa.code', 'model.sha', 'model.version', 'simulate.watermark', 'traffic.hours.3', 'traffic.hours.24',
  'repair.correction', 'repair.groups', 'repair.pages',
  'paste.why', 'reading.doubtful.point', 'reading.grouping.point',
]; // prettier-ignore

/** What may stand for each `*` of a key that the code puts together. */
const DECISIONS = ['accept', 'refuse', 'review'];
const OUTCOMES = ['accept', 'refuse'];
const FILES = ['finished', 'failed', 'running'];
const READ_AS = ['delimiter', 'decimal', 'newline', 'container', 'grouping', 'doubtful'];
const FAILURES = ['network', 'timeout', 'unreadable'];
const PUT_IN = {
  'alarms.state.*': ['ALARM', 'INSUFFICIENT_DATA', 'OK'],
  'alarms.urgency.*': ['page', 'ticket'],
  'among.*': ['all', 'similar'],
  'app.theme.*': ['system', 'light', 'dark'],
  'band.*': ['low', 'medium', 'high'],
  'batch.*': ['rows', 'scored', 'rejected'],
  'cause.*': [
    'missing', 'wrong_type', 'not_finite', 'out_of_range', 'not_integer', 'unknown_category', 'unknown_field',
    'not_actionable', 'contradiction', 'doubtful_number', 'wrong_field_count', 'duplicate_id', 'bad_quotes', 'too_long',
    'torn', 'preamble', 'repeated_header', 'other_table',
  ],
  'columns.*': ['name', 'label', 'kind', 'unit', 'needed', 'least', 'most', 'values', 'example'],
  'columns.kind.*': ['id', 'number', 'integer', 'flag', 'category'],
  'columns.unit.*': ['currency', 'days', 'count', 'years', 'normalised', 'score', 'hour'],
  'decide.*': OUTCOMES,
  'decide.submit.*': ['final', 'second'],
  'decided.*': OUTCOMES,
  'decision.*': OUTCOMES,
  'candidates.*': ['auc', 'folds', 'ece', 'cost', 'cutoff', 'approved', 'seconds'],
  'dependence.*': ['low', 'median', 'high'],
  'drift.by.*': ['column', 'source'],
  'drift.estimate.*': ['default_rate', 'auc', 'cost', 'low', 'value', 'high'],
  'drift.kind.*': [
    'unit_change', 'missing', 'swapped', 'constant', 'new_category', 'refused_rows', 'cost_rise', 'population_shift',
  ],
  'drift.what.*': [
    'unit_change', 'missing', 'swapped', 'constant', 'new_category', 'refused_rows', 'cost_rise', 'population_shift',
  ],
  'error.*': [...FAILURES, 'field', 'value', 'allowed'],
  'error.*Help': FAILURES,
  'error.status.*': [400, 401, 403, 404, 409, 413, 422, 429, 503, 'other'],
  'export.*': ['xlsx', 'parquet', 'making'],
  'facing.*': DECISIONS,
  'facts.*': Object.keys(lender.first_facts),
  'facts.only.*': ['all', 'given', 'missing'],
  'family.*': await columnOf('families.csv', 0),
  'files.*': ['all', ...FILES],
  'filter.*': FILTERS,
  'filter.missing.*': ['some', 'none'],
  'find.*': ['id', 'verdict', 'pd', 'band', 'amount', 'income', 'age', 'branch', 'updated', 'state'],
  'find.empty.*': STATES.filter((state) => state !== 'all'),
  'fix.*': ['thousands', 'decimals', 'dates', 'sign', 'by100', 'by1000', 'times100', 'times1000', 'whole', 'empty'],
  'help.page.*': ['advisor', 'back-office', 'operator', 'data-scientist', 'glossary', 'shortcuts', 'new'],
  'kind.*': ['terms', 'income', 'employment', 'documents', 'contact'],
  'lineage.*': ['rows', 'defaults', 'features', 'trees', 'seed', 'commit', 'data', 'lightgbm', 'python'],
  'letter.in.*': LANGUAGES,
  'login.error.*': [
    'NotAuthorizedException', 'UserNotFoundException', 'PasswordResetRequiredException', 'UserNotConfirmedException',
    'TooManyRequestsException', 'LimitExceededException', 'InvalidPasswordException', 'CodeMismatchException',
    'EnableSoftwareTokenMFAException', 'ExpiredCodeException', 'network', 'challenge', 'unexpected',
  ],
  'metric.*': ['auc', 'gini', 'ks', 'brier', 'ece', 'approval_rate', 'recall', 'business_cost_per_applicant'],
  'nav.*': VIEWS.filter(({ nav }) => nav).map(({ section }) => section),
  'givenUp.*': ['what', 'why'],
  'operations.part.*': ['operations', 'drift'],
  'model.part.*': ['card', 'versions'],
  'promote.title.*': ['promotion', 'rollback'],
  'report.*': ['expected', 'observed', 'applicants', 'approval', 'defaults', 'ratio'],
  'report.status.*': ['pass', 'attention', 'fail', 'unknown'],
  'versions.kind.*': ['promotion', 'rollback'],
  'paste.*': ['line', 'column', 'sent', 'why'],
  'part.*': ['applicant', 'compare', 'unknown', 'simulate', 'offer', 'decide'],
  // Circumstances of a day cannot be proved: the code asks first whether there are such words.
  'proof.*': (await columnOf('actionable.csv', 1)).filter((kind) => kind !== 'circumstances'),
  'reading.*': [...READ_AS, 'encoding'],
  'reading.decimal.*': ['point', 'comma'],
  'reading.delimiter.*': ['comma', 'semicolon', 'tab', 'bar'],
  'reading.grouping.*': ['point', 'comma'],
  'reading.*.*': ['delimiter.comma', 'delimiter.semicolon', 'delimiter.tab', 'decimal.point', 'decimal.comma',
    'grouping.point', 'grouping.comma', 'doubtful.point', 'doubtful.comma', 'newline.lf', 'newline.crlf', 'newline.cr', 'container.gzip', 'container.zip'],
  'repair.one.*': ['open', 'repaired', 'left'],
  'repair.state.*': ['open', 'repaired', 'left', 'all'],
  'reasons.*': ['raises', 'lowers'],
  'review.*': ['near_cutoff', 'too_little_data', 'unlike_reference', 'contradiction'],
  'sample.*': ['sample', 'columns'],
  'sample.file.*': ['sample', 'columns'],
  'state.*': STATES,
  'status.*': ['waiting', 'queued', ...FILES],
  'traffic.figure.*': ['verdicts', 'latency', 'rows', 'trouble', 'canary'],
  'traffic.hours.*': [3, 24, 168, 720],
  'traffic.sentence.*': ['verdicts', 'latency', 'rows', 'trouble', 'canary'],
  'traffic.series.*': [
    'accepted', 'reviews', 'refusals', 'latency_p50', 'latency_p95', 'latency_p99', 'scored_rows', 'rejected_rows',
    'errors', 'invalid_applications', 'failed_files', 'canary_seconds',
  ],
  'upload.*': ['notCsv', 'tooLarge', 'empty', 'several', 'noFile', 'refused', 'lost', 'cancelled'],
  'verdict.*': DECISIONS,
  'verdict.sentence.*': DECISIONS,
  'why.*': ['raises', 'lowers', 'neutral'],
}; // prettier-ignore

for (const section of SECTIONS) {
  const [fr, en] = [texts.fr[section], texts.en[section]];

  test(`French and English have the same texts in ${section}, made of as many values`, () => {
    assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
    for (const key of Object.keys(en)) {
      assert.equal(typeof fr[key], typeof en[key], key);
      assert.ok(['string', 'function'].includes(typeof en[key]), key);
      if (typeof en[key] === 'function') assert.equal(fr[key].length, en[key].length, key);
    }
  });

  test(`no text of ${section} is empty, has a hole or was left untranslated`, () => {
    for (const key of Object.keys(en)) {
      for (const words of [...spoken(fr[key]), ...spoken(en[key])]) {
        assert.notEqual(words.trim(), '', key);
        assert.doesNotMatch(words, /undefined|NaN|\[object|\$\{/, key);
      }
      if (spoken(fr[key]).join() === spoken(en[key]).join())
        assert.ok(isSame(key, en[key]), `${key} says “${spoken(en[key])[0]}” in both languages`);
    }
  });

  test(`the French of ${section} is set as a bank sets it`, () => {
    for (const [key, words] of sentencesOf(fr)) {
      assert.doesNotMatch(words, /['"]/, `${key}: a straight apostrophe or quotation mark`);
      assert.doesNotMatch(words, /\.\.\./, `${key}: three full stops for an ellipsis`);
      assert.doesNotMatch(words, /[^\s][;!?»]|[^\s\d]:(?!\/\/)|«[^\s]/, `${key}: a sign without its space`);
    }
  });

  test(`the French of ${section} has the words of a bank`, () => {
    for (const [key, words] of sentencesOf(fr)) {
      assert.doesNotMatch(words, /arrêt des paiements|partagez|guichet/i, key);
      if (!NO_THRESHOLD.includes(key))
        assert.doesNotMatch(words, /limite/i, `${key}: the threshold is “seuil d’acceptation”`);
    }
  });
}

/** Bounds of a value and of a model: these are limits. */
const NO_THRESHOLD = ['cause.out_of_range', 'card.note'];

test('texts that are the same in both languages are such: the list has no stale entry', () => {
  const all = merged(SECTIONS);
  for (const key of SAME) assert.equal(all.fr[key], all.en[key], key);
});

test('a text that stands in two sections says the same in both', () => {
  for (const lang of LANGUAGES) {
    const said = new Map();
    for (const section of SECTIONS)
      for (const [key, text] of Object.entries(texts[lang][section])) {
        assert.equal(String(text), said.get(key) ?? String(text), `${lang} ${key}`);
        said.set(key, String(text));
      }
  }
});

test('every section of texts can be fetched, and a view asks for no other', async () => {
  assert.deepEqual(
    SECTIONS,
    (await readdir(join(ROOT, 'texts/en'))).map((file) => file.replace('.js', '')),
  );
  for (const { name, texts: wanted = [] } of VIEWS)
    for (const section of wanted)
      assert.ok([...SECTIONS, 'categories'].includes(section), `${name} asks for ${section}`);
});

test('all that may stand in a key is known, and nothing that no code puts together', () => {
  const patterns = new Set([...modules.values()].flatMap((module) => module.patterns));
  assert.deepEqual([...patterns].sort(), Object.keys(PUT_IN).sort());
});

test('every text that the code asks for by name is there, with the values that it takes', () => {
  const all = merged(SECTIONS).en;
  for (const [file, { unknown, calls, patterns }] of modules) {
    assert.deepEqual(unknown, [], file);
    for (const key of patterns.flatMap(keysOf)) assert.ok(KEYS.has(key), `${file} asks for ${key}`);
    for (const { key, values, line } of calls)
      assert.equal(values, typeof all[key] === 'function' ? all[key].length : 0, `${file}:${line} ${key}`);
  }
});

for (const { root, loaded, files } of journeys())
  test(`what ${root} shows is said in texts that are loaded by then: ${loaded.join(', ')}`, () => {
    const there = new Set(loaded.flatMap((section) => Object.keys(texts.en[section] ?? {})));
    for (const file of files) {
      const { named, patterns } = modules.get(file);
      for (const { key, line } of named) assert.ok(there.has(key), `${file}:${line} asks for ${key}`);
      for (const key of patterns.flatMap(keysOf)) assert.ok(there.has(key), `${file} asks for ${key}`);
    }
  });

test('every module is shown by some view', () => {
  const shown = new Set(journeys().flatMap(({ files }) => files));
  const scripts = ['core/preferences.js', 'api-docs.js'];
  assert.deepEqual(
    [...modules.keys()].filter((file) => !shown.has(file) && !scripts.includes(file)),
    [],
  );
});

test('every text is asked for somewhere', () => {
  const asked = new Set(
    [...modules.values()].flatMap(({ named, patterns }) => [
      ...named.map(({ key }) => key),
      ...patterns.flatMap(keysOf),
    ]),
  );
  assert.deepEqual(
    [...KEYS].filter((key) => !asked.has(key)),
    [],
  );
});

test('categories have words in both languages, for the same values', async () => {
  const [fr, en] = await Promise.all(LANGUAGES.map((lang) => loadTexts(lang, 'categories')));
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  for (const text of [...Object.values(fr), ...Object.values(en)]) assert.ok(text.trim());
});

async function sectionsIn(lang) {
  const entries = await Promise.all(SECTIONS.map(async (name) => [name, await loadTexts(lang, name)]));
  return Object.fromEntries(entries);
}

function merged(sections) {
  const merge = (lang) => Object.assign({}, ...sections.map((section) => texts[lang][section]));
  return { fr: merge('fr'), en: merge('en') };
}

/** Different words of one column of a table of the lender. */
async function columnOf(file, index) {
  const url = new URL(`../../layers/credit_scoring/python/credit_scoring/lender/${file}`, import.meta.url);
  const [, ...rows] = (await readFile(url, 'utf8')).trim().split('\n');
  return [...new Set(rows.map((row) => row.split(',')[index]))];
}

/** A text as it is heard, whatever the number in it: none, one or several. */
function spoken(text) {
  if (typeof text === 'string') return [text];
  const takesPair = /^\([^)]*\[/.test(String(text));
  return [0, 1, 12].map((number) =>
    text(...Array.from({ length: text.length }, () => (takesPair ? [number, number] : number))),
  );
}

function sentencesOf(section) {
  return Object.entries(section).flatMap(([key, text]) => spoken(text).map((words) => [key, words]));
}

/** Names and numbers alone need no translation. */
function isSame(key, text) {
  if (SAME.includes(key) || key.startsWith('metric.') || key.startsWith('reading.')) return true;
  return typeof text === 'function' && !spoken(text).some((words) => /\p{L}/u.test(words));
}

function keysOf(pattern) {
  const stem = pattern.slice(0, pattern.indexOf('*'));
  const tail = pattern.slice(pattern.lastIndexOf('*') + 1);
  return (PUT_IN[pattern] ?? []).map((part) => `${stem}${part}${tail}`);
}

/**
 * Each module that is fetched by itself, what it imports before it runs, and the texts that are
 * there when it does: the core's, the view's, and what is fetched beside it.
 */
function journeys() {
  const found = new Map();
  const begin = (root, loaded) => {
    const id = `${root} ${loaded}`;
    if (found.has(id)) return;
    const files = [...staticsOf(root)];
    found.set(id, { root, loaded, files });
    for (const file of files)
      for (const { path, texts: beside } of modules.get(file).later) {
        const views = VIEWS.filter(({ load }) => String(load).includes(`../${path}'`));
        for (const view of views) begin(path, ['core', ...(view.texts ?? [])]);
        if (views.length === 0) begin(path, [...new Set([...loaded, ...beside])]);
      }
  };
  begin('app.js', ['core']);
  return [...found.values()];
}

function staticsOf(file, found = new Set()) {
  if (found.has(file) || !modules.has(file)) return found;
  found.add(file);
  for (const path of modules.get(file).statics) staticsOf(path, found);
  return found;
}
