import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOME, hrefFor, parseRoute } from '../js/core/addresses.js';
import { VIEWS, homeOf, mayShow, sectionsOf, viewOf } from '../js/core/views.js';

const SHOWN = VIEWS.filter(({ pattern }) => pattern !== '');
/** Ids that an address must carry as they are, whatever is in them. */
const IDS = ['100002', 'paris-01/a b.csv', 'é?#&=%', '..', 'compare', '%zz'];

function paramsOf(pattern, id) {
  return Object.fromEntries([...pattern.matchAll(/:(\w+)/g)].map(([, key]) => [key, id]));
}

for (const { name, pattern } of SHOWN)
  test(`the address of ${name} is read back as it was written`, () => {
    for (const id of IDS) {
      const params = paramsOf(pattern, id);
      const address = hrefFor(name, params, { sort: 'age', query: 'a?b&c=d', empty: '' });
      assert.deepEqual(parseRoute(address), { name, params, query: { sort: 'age', query: 'a?b&c=d' } });
      assert.deepEqual(parseRoute(hrefFor(name, params)), { name, params, query: {} });
    }
  });

test('without a path one is at home, and what was asked for stays', () => {
  for (const hash of ['', '#', '#/'])
    assert.deepEqual(parseRoute(hash), { name: HOME, params: {}, query: {} });
  assert.deepEqual(parseRoute('#/?lang=fr').query, { lang: 'fr' });
  assert.equal(parseRoute(hrefFor(HOME)).name, HOME);
});

test('an address that no view has is missing, and no link is written to one', () => {
  for (const hash of [
    '#/nowhere',
    '#/applicants/1/2/3',
    '#/applicants/1/nowhere',
    '#nowhere',
    '#//',
    '#/Applicants',
  ])
    assert.equal(parseRoute(hash).name, 'missing', hash);
  for (const name of ['nowhere', 'missing', '', undefined])
    assert.throws(() => hrefFor(name), /No route is called/);
});

test('a slash at the end changes nothing', () => {
  assert.equal(parseRoute('#/applicants/').name, 'applicants');
  assert.deepEqual(parseRoute('#/applicants/7/').params, { id: '7' });
});

test('a damaged escape is taken as it stands', () => {
  assert.deepEqual(parseRoute('#/applicants/%zz').params, { id: '%zz' });
  assert.deepEqual(parseRoute('#/applicants/%E9/compare').params, { id: '%E9' });
  assert.deepEqual(parseRoute('#/applicants?query=%zz').query, { query: '%zz' });
});

/** Role -> where it begins, what the navigation leads to, and everything that it may see. */
const ROLES = {
  advisor: {
    home: 'applicants',
    sections: ['applicants', 'new', 'upload', 'card'],
    hidden: ['operations', 'drift', 'drift-run', 'versions', 'version'],
  },
  'back-office': {
    home: 'upload',
    sections: ['applicants', 'upload', 'card'],
    hidden: [
      'simulate',
      'offer',
      'decide',
      'decision',
      'new',
      'operations',
      'drift',
      'drift-run',
      'versions',
      'version',
    ],
  },
  operator: {
    home: 'operations',
    sections: ['upload', 'operations', 'card'],
    hidden: [
      'applicants',
      'applicant',
      'compare',
      'unknown',
      'simulate',
      'offer',
      'decide',
      'new',
      'paste',
      'repair',
    ],
  },
  'data-scientist': {
    home: 'card',
    sections: ['new', 'operations', 'card'],
    hidden: [
      'applicants',
      'applicant',
      'compare',
      'unknown',
      'simulate',
      'offer',
      'decide',
      'upload',
      'paste',
      'batch',
      'repair',
    ],
  },
};

for (const [role, { home, sections, hidden }] of Object.entries(ROLES))
  test(`the ${role} begins at ${home} and sees what is theirs`, () => {
    assert.equal(homeOf([role]), home);
    assert.deepEqual(
      sectionsOf([role]).map(({ name }) => name),
      sections,
    );
    assert.deepEqual(
      VIEWS.filter((view) => !mayShow(view, [role])).map(({ name }) => name),
      hidden,
    );
  });

test('who has several roles begins as an advisor, if they are one, and sees what any of them sees', () => {
  assert.equal(homeOf(['operator', 'advisor']), 'applicants');
  assert.equal(homeOf(['data-scientist', 'operator']), 'operations');
  const both = sectionsOf(['operator', 'data-scientist']).map(({ name }) => name);
  assert.deepEqual(both, ['new', 'upload', 'operations', 'card']);
});

test('who has no role, or one that the page does not know, reads about the model', () => {
  for (const roles of [[], ['stranger']]) {
    assert.equal(homeOf(roles), 'card');
    assert.deepEqual(
      VIEWS.filter((view) => mayShow(view, roles)).map(({ name }) => name),
      ['card', 'help', 'help-page', 'account', 'missing'],
    );
  }
});

test('nobody begins where they may not be', () => {
  for (const roles of [[], ...Object.keys(ROLES).map((role) => [role])]) {
    const home = viewOf(homeOf(roles));
    assert.ok(sectionsOf(roles).includes(home), String(roles));
  }
});

test('a section of the navigation has one link, and every view with an address is in a section', () => {
  const linked = VIEWS.filter(({ nav }) => nav).map(({ section }) => section);
  assert.equal(new Set(linked).size, linked.length);
  for (const { name, section } of SHOWN) assert.ok([...linked, 'account', 'help'].includes(section), name);
});

test('names are there once, and no pattern hides a later one', () => {
  assert.equal(new Set(VIEWS.map(({ name }) => name)).size, VIEWS.length);
  for (const { name, pattern } of SHOWN)
    assert.equal(parseRoute(hrefFor(name, paramsOf(pattern, 'x'))).name, name);
});

test('every view is fetched from a module that has it', async () => {
  for (const { name, load } of VIEWS) assert.equal(typeof (await load()), 'function', name);
});
