import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOME, hrefFor, parseRoute } from '../js/core/addresses.js';
import { VIEWS, homeOf, mayShow, sectionsOf, viewOf } from '../js/core/views.js';

const SHOWN = VIEWS.filter(({ pattern }) => pattern !== '');

for (const { name, pattern } of SHOWN)
  test(`the address of ${name} is read back as it was written`, () => {
    const params = Object.fromEntries(
      [...pattern.matchAll(/:(\w+)/g)].map(([, key]) => [key, 'paris-01/a b.csv']),
    );
    const route = parseRoute(hrefFor(name, params, { sort: 'age', empty: '' }));
    assert.deepEqual(route, { name, params, query: { sort: 'age' } });
  });

test('without a path one is at home, and an unknown address is missing', () => {
  for (const hash of ['', '#', '#/']) assert.equal(parseRoute(hash).name, HOME);
  for (const hash of ['#/nowhere', '#/applicants/1/2/3']) assert.equal(parseRoute(hash).name, 'missing');
  assert.throws(() => hrefFor('nowhere'), /No route is called nowhere/);
});

test('a damaged escape is taken as it stands', () => {
  assert.deepEqual(parseRoute('#/applicants/%zz').params, { id: '%zz' });
});

test('every role begins with a view that it may see', () => {
  for (const role of ['advisor', 'back-office', 'operator', 'data-scientist']) {
    const home = viewOf(homeOf([role]));
    assert.ok(mayShow(home, [role]), role);
    assert.ok(sectionsOf([role]).includes(home), role);
  }
});

test('the navigation leads nobody to what they may not see', () => {
  assert.deepEqual(
    sectionsOf(['advisor']).map(({ name }) => name),
    ['applicants', 'new', 'upload', 'card'],
  );
  assert.deepEqual(
    sectionsOf(['operator']).map(({ name }) => name),
    ['upload', 'card'],
  );
  assert.deepEqual(
    sectionsOf([]).map(({ name }) => name),
    ['card'],
  );
});

test('names are there once, and each view says how it is fetched', () => {
  assert.equal(new Set(VIEWS.map(({ name }) => name)).size, VIEWS.length);
  for (const { load } of VIEWS) assert.equal(typeof load, 'function');
});
