import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hrefFor, parseRoute } from '../js/core/routes.js';

test('every address names its view and what it is about', () => {
  assert.deepEqual(parseRoute('#/applicants'), { name: 'applicants', params: {}, query: {} });
  assert.deepEqual(parseRoute('#/applicants/100002').params, { id: '100002' });
  assert.deepEqual(parseRoute('#/upload/b-7f3c2a'), {
    name: 'batch',
    params: { batch: 'b-7f3c2a' },
    query: {},
  });
});

test('the card of the model has an address of its own', () => {
  assert.equal(parseRoute('#/model/card').name, 'card');
  assert.equal(hrefFor('card'), '#/model/card');
});

test('no address at all is the list of applicants', () => {
  for (const hash of ['', '#', '#/']) assert.equal(parseRoute(hash).name, 'applicants');
});

test('an address that leads nowhere is missing, not the home page', () => {
  assert.equal(parseRoute('#/salaries').name, 'missing');
  assert.equal(parseRoute('#/applicants/1/2').name, 'missing');
});

test('a search is part of the address', () => {
  assert.equal(hrefFor('applicants', {}, { query: '1000' }), '#/applicants?query=1000');
  assert.equal(parseRoute('#/applicants?query=1000').query.query, '1000');
  assert.equal(hrefFor('applicants', {}, { query: '' }), '#/applicants');
});

test('any name of a batch survives the address bar', () => {
  for (const batch of ['paris-01/été 2026.csv/v1', 'a?b#c', '100 %']) {
    assert.deepEqual(parseRoute(hrefFor('batch', { batch })).params, { batch });
  }
});

test('a damaged escape does not break the page', () => {
  assert.deepEqual(parseRoute('#/applicants/%zz').params, { id: '%zz' });
});

test('a link to a route that does not exist is a mistake of the page', () => {
  assert.throws(() => hrefFor('salaries'), /No route is called salaries/);
});
