import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginError, logIn, renew, setNewPassword } from '../js/session/cognito.js';

const POOL = { cognitoEndpoint: 'https://login.example', userPoolClientId: 'client' };

/** Answers as Cognito does, and keeps what it was asked. */
function cognito(status, body) {
  const asked = [];
  const fetcher = async (url, { headers, body: sent }) => {
    asked.push({ url, target: headers['X-Amz-Target'], ...JSON.parse(sent) });
    return new Response(JSON.stringify(body), { status });
  };
  return { asked, fetcher };
}

test('a login sends name and password and gives the tokens', async () => {
  const { asked, fetcher } = cognito(200, {
    AuthenticationResult: { AccessToken: 'a', RefreshToken: 'r', ExpiresIn: 900 },
  });
  assert.deepEqual(await logIn(POOL, 'alice', 'secret', fetcher), {
    accessToken: 'a',
    refreshToken: 'r',
    expiresIn: 900,
  });
  assert.equal(asked[0].target, 'AWSCognitoIdentityProviderService.InitiateAuth');
  assert.deepEqual(asked[0].AuthParameters, { USERNAME: 'alice', PASSWORD: 'secret' });
  assert.equal(asked[0].ClientId, 'client');
});

test('a refusal is named as Cognito names it, with or without a namespace', async () => {
  for (const type of ['NotAuthorizedException', 'com.amazonaws.cognito#NotAuthorizedException']) {
    const { fetcher } = cognito(400, { __type: type });
    await assert.rejects(logIn(POOL, 'alice', 'wrong', fetcher), {
      name: 'LoginError',
      code: 'NotAuthorizedException',
    });
  }
});

test('a new account is asked for a password, under the name that Cognito knows', async () => {
  const { fetcher } = cognito(200, {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: 's',
    ChallengeParameters: { USER_ID_FOR_SRP: 'u-1' },
  });
  const challenge = await logIn(POOL, 'alice', 'first', fetcher);
  assert.deepEqual(challenge, { challenge: 'NEW_PASSWORD_REQUIRED', session: 's', username: 'u-1' });

  const answer = cognito(200, { AuthenticationResult: { AccessToken: 'a', ExpiresIn: 900 } });
  await setNewPassword(POOL, challenge, 'second', answer.fetcher);
  assert.deepEqual(answer.asked[0].ChallengeResponses, { USERNAME: 'u-1', NEW_PASSWORD: 'second' });
  assert.equal(answer.asked[0].Session, 's');
});

test('a renewal keeps the refresh token when Cognito gives no other', async () => {
  const { fetcher } = cognito(200, { AuthenticationResult: { AccessToken: 'b', ExpiresIn: 900 } });
  assert.equal((await renew(POOL, 'r', fetcher)).refreshToken, 'r');
});

test('no connection and an unknown answer have names too', async () => {
  const unreachable = async () => {
    throw new TypeError('Failed to fetch');
  };
  await assert.rejects(
    logIn(POOL, 'alice', 'secret', unreachable),
    (error) => error instanceof LoginError && error.code === 'network',
  );
  await assert.rejects(logIn(POOL, 'alice', 'secret', cognito(200, {}).fetcher), { code: 'unexpected' });
  await assert.rejects(logIn(POOL, 'alice', 'secret', cognito(500, {}).fetcher), { code: 'unexpected' });
});
