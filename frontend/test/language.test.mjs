import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chooseLanguage, hasText, lang, needTexts, t, useLanguage, wordFor } from '../js/core/language.js';

/** What the browser keeps of the choice. */
const kept = new Map();

before(async () => {
  globalThis.localStorage = { setItem: (name, value) => kept.set(name, value) };
  await needTexts('core');
});

test('a text is said in the language that was chosen, and the choice is kept', async () => {
  assert.equal(t('nav.upload'), 'Files');
  await chooseLanguage('fr');
  assert.equal(t('nav.upload'), 'Fichiers');
  assert.equal(kept.get('lang'), 'fr');
  await chooseLanguage('en');
  assert.equal(t('nav.upload'), 'Files');
});

test('a text that is not loaded, or that nobody wrote, is an error and never an empty place', async () => {
  assert.equal(hasText('find.title'), false);
  assert.throws(() => t('find.title'), /No en text that is loaded is called find\.title/);
  assert.throws(() => t('nav.nowhere'), /nav\.nowhere/);
  await needTexts('applicants');
  assert.equal(t('find.title'), 'Applicants');
});

test('a code of the API that is newer than the page is shown as it is', () => {
  assert.equal(wordFor('band', 'low'), 'low');
  assert.equal(wordFor('band', 'very_high'), 'very high');
});

test('French has its spaces, at which no line breaks, and English has none', async () => {
  await needTexts('batches');
  await chooseLanguage('fr');
  assert.equal(t('upload.empty', 'a.csv'), '«\u202fa.csv\u202f» est vide.');
  assert.match(t('error.status.429'), /demandes\u202f:/);
  await chooseLanguage('en');
  assert.equal(t('upload.empty', 'a.csv'), '“a.csv” is empty.');
});

test('a view that is opened while the language changes has its texts in the new one', async () => {
  const chosen = chooseLanguage('fr');
  await needTexts('model', 'categories');
  await chosen;
  assert.equal(t('model.title'), 'À propos du modèle');
  await chooseLanguage('en');
});

test('categories are said in the language of the page, whichever was fetched last', async () => {
  await needTexts('categories');
  const word = (value) => useLanguage().format.value(value, {});
  const english = word('Working');
  await chooseLanguage('fr');
  const french = word('Working');
  assert.notEqual(french, english);
  const chosen = chooseLanguage('en');
  await Promise.all([needTexts('categories'), chosen]);
  assert.equal(lang.value, 'en');
  assert.equal(word('Working'), english);
  assert.equal(word('Astronaut'), 'Astronaut');
});
