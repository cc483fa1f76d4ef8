import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FILTERS,
  STATES,
  countFilters,
  readWanted,
  reset,
  sortedBy,
  writeWanted,
} from '../js/applicants/filters.js';
import { hrefFor, parseRoute } from '../js/core/addresses.js';

/** Everything narrowed at once. */
const NARROW = {
  query: '1000',
  ...Object.fromEntries(FILTERS.map((name) => [name, `${name} & more`])),
  sort: 'income',
  order: 'asc',
};

test('what a list is asked for is read back from its address, in every tab', () => {
  for (const state of STATES)
    for (const given of [{ state }, { state, ...NARROW }]) {
      const wanted = readWanted(given);
      const address = hrefFor('applicants', {}, writeWanted(wanted));
      assert.deepEqual(readWanted(parseRoute(address).query), wanted, address);
    }
});

test('the address of a list says nothing of what is usual', () => {
  assert.deepEqual(writeWanted(readWanted({})), {});
  assert.deepEqual(writeWanted(readWanted({ state: 'all', sort: 'updated_at', order: 'desc' })), {});
  assert.deepEqual(writeWanted(readWanted({ state: 'review' })), { state: 'review' });
});

test('an address with words that no list knows is the list of all, without them', () => {
  const wanted = readWanted({ state: 'nonsense', colour: 'red' });
  assert.equal(wanted.state, 'all');
  assert.ok(!('colour' in wanted));
  assert.deepEqual(wanted, readWanted({}));
});

test('what waits longest comes first in the tabs of work, the newest elsewhere', () => {
  const orders = Object.fromEntries(STATES.map((state) => [state, readWanted({ state }).order]));
  assert.deepEqual(orders, { review: 'asc', to_confirm: 'asc', open: 'desc', decided: 'desc', all: 'desc' });
});

test('filters are counted, the search, the tab and the order are none', () => {
  assert.equal(countFilters(readWanted({})), 0);
  assert.equal(countFilters(readWanted({ state: 'open', query: '1', sort: 'age' })), 0);
  assert.equal(countFilters(readWanted(NARROW)), FILTERS.length);
});

test('clearing search and filters stays in the tab', () => {
  assert.deepEqual(reset(readWanted({ state: 'review', ...NARROW })), readWanted({ state: 'review' }));
});

test('a click on a column sorts by it, the largest first; a second click turns it', () => {
  const once = sortedBy(readWanted({}), 'income');
  assert.deepEqual([once.sort, once.order], ['income', 'desc']);
  assert.equal(sortedBy(once, 'income').order, 'asc');
  assert.equal(sortedBy(sortedBy(once, 'income'), 'income').order, 'desc');
  assert.equal(sortedBy(once, 'applicant_id').order, 'asc', 'numbers of applications count upwards');
});
