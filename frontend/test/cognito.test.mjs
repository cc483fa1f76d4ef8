import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LoginError,
  confirmSecret,
  hasSecondFactor,
  logIn,
  newSecret,
  renew,
  secretAddress,
  sendCode,
  setNewPassword,
} from '../js/session/cognito.js';

const POOL = {
  cognitoEndpoint: 'https://login.example',
  userPoolId: 'eu-west-3_Ab1',
  userPoolClientId: 'client',
};
const ASKED = {
  ChallengeName: 'PASSWORD_VERIFIER',
  ChallengeParameters: { SALT: 'a1', SRP_B: 'b2', SECRET_BLOCK: 'c2VjcmV0', USER_ID_FOR_SRP: 'u-1' },
};

/** Answers as Cognito does, and keeps what it was asked. */
function cognito(status, body) {
  const asked = [];
  const fetcher = async (url, { headers, body: sent }) => {
    asked.push({ url, target: headers['X-Amz-Target'], ...JSON.parse(sent) });
    const proves = JSON.parse(sent).AuthFlow === 'USER_SRP_AUTH' && status === 200;
    return new Response(JSON.stringify(proves ? ASKED : body), { status });
  };
  return { asked, fetcher };
}

test('a login proves the password, which is never sent, and gives the tokens', async () => {
  const { asked, fetcher } = cognito(200, {
    AuthenticationResult: { AccessToken: 'a', RefreshToken: 'r', ExpiresIn: 900 },
  });
  assert.deepEqual(await logIn(POOL, 'alice', 'secret', fetcher), {
    accessToken: 'a',
    refreshToken: 'r',
    expiresIn: 900,
  });
  assert.equal(asked[0].target, 'AWSCognitoIdentityProviderService.InitiateAuth');
  assert.deepEqual(Object.keys(asked[0].AuthParameters), ['USERNAME', 'SRP_A']);
  assert.equal(asked[1].target, 'AWSCognitoIdentityProviderService.RespondToAuthChallenge');
  assert.equal(asked[1].ChallengeName, 'PASSWORD_VERIFIER');
  const { USERNAME, PASSWORD_CLAIM_SIGNATURE: signature } = asked[1].ChallengeResponses;
  assert.equal(USERNAME, 'u-1');
  assert.equal(atob(signature).length, 32);
  assert.equal(JSON.stringify(asked).includes('secret'), false);
  assert.deepEqual([asked[0].ClientId, asked[1].ClientId], ['client', 'client']);
});

test('a wrong password is refused as an unknown name is, after the proof', async () => {
  const fetcher = async (url, { body }) =>
    'AuthFlow' in JSON.parse(body)
      ? new Response(JSON.stringify(ASKED))
      : new Response(JSON.stringify({ __type: 'NotAuthorizedException' }), { status: 400 });
  await assert.rejects(logIn(POOL, 'alice', 'wrong', fetcher), { code: 'NotAuthorizedException' });
});

test('a service that asks for no proof, or for one that gives secrets away, is not logged in to', async () => {
  const bad = { ...ASKED, ChallengeParameters: { ...ASKED.ChallengeParameters, SRP_B: '0' } };
  for (const body of [{ AuthenticationResult: { AccessToken: 'a' } }, bad]) {
    const fetcher = async () => new Response(JSON.stringify(body));
    await assert.rejects(logIn(POOL, 'alice', 'secret', fetcher), { code: 'unexpected' });
  }
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

test('a code answers the challenge of a second factor', async () => {
  const { asked, fetcher } = cognito(200, { AuthenticationResult: { AccessToken: 'a', ExpiresIn: 900 } });
  await sendCode(POOL, { username: 'alice', session: 's' }, '123456', fetcher);
  assert.equal(asked[0].ChallengeName, 'SOFTWARE_TOKEN_MFA');
  assert.equal(asked[0].Session, 's');
  assert.deepEqual(asked[0].ChallengeResponses, { USERNAME: 'alice', SOFTWARE_TOKEN_MFA_CODE: '123456' });
});

test('who enrols during a login goes on with it, by the newest session', async () => {
  const begun = await newSecret(
    POOL,
    { session: 's1' },
    cognito(200, { SecretCode: 'ABC', Session: 's2' }).fetcher,
  );
  assert.deepEqual(begun, { secret: 'ABC', proof: { session: 's2' } });
  const asked = [];
  const fetcher = async (url, { headers, body }) => {
    asked.push({ target: headers['X-Amz-Target'].split('.')[1], ...JSON.parse(body) });
    const verified = { Status: 'SUCCESS', Session: 's3' };
    const result = { AuthenticationResult: { AccessToken: 'a', ExpiresIn: 900 } };
    return new Response(JSON.stringify(asked.length === 1 ? verified : result));
  };
  const tokens = await confirmSecret(POOL, begun.proof, '123456', 'alice', fetcher);
  assert.equal(tokens.accessToken, 'a');
  assert.deepEqual(
    asked.map(({ target, Session }) => [target, Session]),
    [
      ['VerifySoftwareToken', 's2'],
      ['RespondToAuthChallenge', 's3'],
    ],
  );
  assert.equal(asked[1].ChallengeName, 'MFA_SETUP');
});

test('who enrols after a login is asked for a code from then on', async () => {
  const asked = [];
  const fetcher = async (url, { headers, body }) => {
    asked.push({ target: headers['X-Amz-Target'].split('.')[1], ...JSON.parse(body) });
    return new Response(JSON.stringify({ Status: 'SUCCESS' }));
  };
  assert.equal(await confirmSecret(POOL, { accessToken: 'a' }, '123456', 'alice', fetcher), null);
  assert.deepEqual(
    asked.map(({ target }) => target),
    ['VerifySoftwareToken', 'SetUserMFAPreference'],
  );
  assert.deepEqual(asked[1].SoftwareTokenMfaSettings, { Enabled: true, PreferredMfa: true });
});

test('a code that is not taken enrols nothing', async () => {
  const { fetcher, asked } = cognito(200, { Status: 'ERROR' });
  await assert.rejects(confirmSecret(POOL, { accessToken: 'a' }, '1', 'alice', fetcher), LoginError);
  assert.equal(asked.length, 1);
});

test('whether a second factor is set is what Cognito says', async () => {
  for (const list of [undefined, [], ['SMS_MFA']])
    assert.equal(await hasSecondFactor(POOL, 'a', cognito(200, { UserMFASettingList: list }).fetcher), false);
  const set = cognito(200, { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] });
  assert.equal(await hasSecondFactor(POOL, 'a', set.fetcher), true);
});

test('an authenticator app is told secret, account and issuer, all escaped', () => {
  const address = new URL(secretAddress('ABC', 'a&b@c', 'Prêt à dépenser'));
  assert.equal(address.protocol, 'otpauth:');
  assert.equal(decodeURIComponent(address.pathname).endsWith('Prêt à dépenser:a&b@c'), true);
  assert.equal(address.searchParams.get('secret'), 'ABC');
  assert.equal(address.searchParams.get('issuer'), 'Prêt à dépenser');
});

test('a call is a POST whose address and cache hold nothing of it', async () => {
  let seen;
  const fetcher = async (url, options) => {
    seen = { url, ...options };
    const proves = 'AuthFlow' in JSON.parse(options.body);
    return new Response(JSON.stringify(proves ? ASKED : { AuthenticationResult: { AccessToken: 'a' } }));
  };
  const tokens = await logIn(POOL, 'alice', 'secret', fetcher);
  assert.equal(seen.url, POOL.cognitoEndpoint);
  assert.deepEqual([seen.method, seen.cache], ['POST', 'no-store']);
  assert.equal(seen.headers['Content-Type'], 'application/x-amz-json-1.1');
  assert.deepEqual(tokens, { accessToken: 'a', refreshToken: null, expiresIn: 3600 });
});

test('after one challenge there may be another, for the same user', async () => {
  const { fetcher } = cognito(200, { ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's2' });
  const next = await setNewPassword(POOL, { username: 'u-1', session: 's1' }, 'second', fetcher);
  assert.deepEqual(next, { challenge: 'SOFTWARE_TOKEN_MFA', session: 's2', username: 'u-1' });
});

test('a renewal that gives no token, or is refused, is no renewal', async () => {
  await assert.rejects(renew(POOL, 'r', cognito(200, { ChallengeName: 'X' }).fetcher), {
    code: 'unexpected',
  });
  const refused = cognito(400, { __type: 'NotAuthorizedException' });
  await assert.rejects(renew(POOL, 'r', refused.fetcher), { code: 'NotAuthorizedException' });
  assert.deepEqual(
    [refused.asked[0].AuthFlow, refused.asked[0].AuthParameters],
    ['REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: 'r' }],
  );
});

test('an answer that is no JSON is a failure with a name', async () => {
  const gateway = async () => new Response('<html>', { status: 502 });
  await assert.rejects(logIn(POOL, 'alice', 'secret', gateway), { name: 'LoginError', code: 'unexpected' });
});
