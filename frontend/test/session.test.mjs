import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  branches,
  closeSession,
  currentToken,
  endSession,
  ended,
  openSession,
  roles,
  username,
} from '../js/session/session.js';
import { groupsOf } from '../js/session/token.js';

const POOL = { cognitoEndpoint: 'https://login.example', userPoolClientId: 'client' };
const coded = (content, coding = 'base64url') => Buffer.from(content).toString(coding);
const tokenOf = (...groups) => `h.${coded(JSON.stringify({ 'cognito:groups': groups }))}.s`;
const tokens = (given) => ({ accessToken: tokenOf('advisor'), refreshToken: 'r', expiresIn: 900, ...given });

const network = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = network;
  closeSession();
});

/** The login service: gives this answer to whatever is asked, and counts. */
function answering(status, body) {
  const asked = [];
  globalThis.fetch = async (url, { body: sent }) => {
    asked.push(JSON.parse(sent));
    return new Response(JSON.stringify(body), { status });
  };
  return asked;
}

test('groups are read from a token, in every writing that a token may have', () => {
  assert.deepEqual(groupsOf(tokenOf('advisor', 'branch-été')), ['advisor', 'branch-été']);
  // What is one more character, or one less, changes the padding; ÿ and > become - and _.
  for (const name of ['a', 'ab', 'abc', 'ÿÿÿ>>>???', '>>>>'])
    assert.deepEqual(groupsOf(tokenOf(name)), [name], name);
});

test('who is in no group has none, and so has whatever is no token', () => {
  for (const token of [
    '', 'x', 'a.b.c', '..', 'h.e30.s', `h.${coded('null')}.s`, `h.${coded('{"cognito:groups":"advisor"}')}.s`,
    `h.${coded('{')}.s`, null, undefined,
  ]) assert.deepEqual(groupsOf(token), [], String(token)); // prettier-ignore
});

test('roles and branches are told apart, and the group of all branches is neither', () => {
  openSession(
    'alice',
    tokens({ accessToken: tokenOf('advisor', 'operator', 'branch-paris-01', 'branch-lyon') }),
  );
  assert.equal(username.value, 'alice');
  assert.deepEqual(roles.value, ['advisor', 'operator']);
  assert.deepEqual(branches.value, ['paris-01', 'lyon']);
  openSession('alice', tokens({ accessToken: tokenOf('operator', 'all-branches', 'branch-lyon') }));
  assert.deepEqual(roles.value, ['operator']);
  assert.equal(branches.value, null, 'every branch');
});

test('a token that lives long enough is sent as it is, and nobody is asked', async () => {
  const asked = answering(500, {});
  openSession('alice', tokens());
  assert.equal(await currentToken(POOL), tokenOf('advisor'));
  assert.deepEqual(asked, []);
});

test('calls that find the token about to end share one renewal', async () => {
  const fresh = tokenOf('advisor', 'operator');
  const asked = answering(200, { AuthenticationResult: { AccessToken: fresh, ExpiresIn: 900 } });
  openSession('alice', tokens({ expiresIn: 30 }));
  assert.deepEqual(await Promise.all([currentToken(POOL), currentToken(POOL)]), [fresh, fresh]);
  assert.equal(asked.length, 1);
  assert.equal(asked[0].AuthParameters.REFRESH_TOKEN, 'r');
  assert.deepEqual(roles.value, ['advisor', 'operator']);
});

test('a renewal that comes after the user has signed out logs nobody in again', async () => {
  answering(200, { AuthenticationResult: { AccessToken: tokenOf('advisor'), ExpiresIn: 900 } });
  openSession('alice', tokens({ expiresIn: 30 }));
  const late = currentToken(POOL);
  closeSession();
  assert.equal(await late, null);
  assert.equal(username.value, null);
});

test('a renewal that comes when another user is there leaves that user alone', async () => {
  for (const status of [200, 400]) {
    answering(status, { AuthenticationResult: { AccessToken: tokenOf('operator'), ExpiresIn: 900 } });
    openSession('alice', tokens({ expiresIn: 30 }));
    const late = currentToken(POOL);
    closeSession();
    openSession('bob', tokens());
    assert.equal(await late, null, 'a call of one user is not sent as another');
    assert.deepEqual([username.value, roles.value, ended.value], ['bob', ['advisor'], false]);
  }
});

test('a session that cannot be renewed ends, and keeps the view of whoever had it', async () => {
  answering(400, { __type: 'NotAuthorizedException' });
  openSession('alice', tokens({ expiresIn: 30 }));
  assert.equal(await currentToken(POOL), null);
  assert.equal(ended.value, true);
  assert.equal(username.value, 'alice');
});

test('without a way to renew it, a token is sent until its last second and then no more', async () => {
  openSession('alice', tokens({ refreshToken: null, expiresIn: 30 }));
  assert.equal(await currentToken(POOL), tokenOf('advisor'));
  openSession('alice', tokens({ refreshToken: null, expiresIn: -1 }));
  assert.equal(await currentToken(POOL), null);
  assert.equal(ended.value, true);
});

test('who logs in again carries on; who signs out leaves nothing', async () => {
  openSession('alice', tokens());
  endSession();
  assert.equal(await currentToken(POOL), null);
  openSession('alice', tokens());
  assert.deepEqual([ended.value, username.value], [false, 'alice']);
  closeSession();
  assert.deepEqual([ended.value, username.value, roles.value, branches.value], [false, null, [], []]);
  assert.equal(await currentToken(POOL), null);
  endSession();
  assert.equal(ended.value, false, 'nobody is asked for the password of nobody');
});
