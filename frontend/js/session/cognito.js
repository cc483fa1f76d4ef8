/**
 * The calls of Amazon Cognito that a login needs, made with fetch (the SDK weighs more than the page). The
 * password is proved and never sent (srp.js).
 *
 * A second factor is a code of an authenticator app (TOTP, RFC 6238): asked for at the login of whoever has
 * enrolled one, and enrolled during the login where the user pool wants it of everybody.
 *
 * @typedef {{cognitoEndpoint: string, userPoolId: string, userPoolClientId: string}} Pool
 * @typedef {{accessToken: string, refreshToken: string | null, expiresIn: number}} Tokens
 * @typedef {{challenge: string, session: string, username: string}} Challenge what Cognito wants first
 * @typedef {{session: string} | {accessToken: string}} Proof who enrols: in the middle of a login, or after it
 */

/** A refusal of Cognito; `code` is its exception's name, "network" when it could not be reached. */
export class LoginError extends Error {
  constructor(code) {
    super(code);
    this.name = 'LoginError';
    this.code = code;
  }
}

/**
 * @param {Pool} pool
 * @returns {Promise<Tokens | Challenge>}
 */
export async function logIn(pool, username, password, fetcher = fetch) {
  const { beginProof } = await proofs();
  const proof = beginProof(pool.userPoolId);
  const asked = await call(pool, 'InitiateAuth', fetcher, {
    ClientId: pool.userPoolClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: username, SRP_A: proof.publicValue },
  });
  if (asked.ChallengeName !== 'PASSWORD_VERIFIER') throw new LoginError('unexpected');
  const answers = await proof.answer(asked.ChallengeParameters, password).catch(() => {
    throw new LoginError('unexpected');
  });
  return respond(pool, 'PASSWORD_VERIFIER', asked.Session, fetcher, answers);
}

/** Fetched at the first login: the page shows before it. */
async function proofs() {
  try {
    return await import('./srp.js');
  } catch {
    throw new LoginError('network');
  }
}

/** Answers the challenge that a new account gets at its first login. */
export async function setNewPassword(pool, { username, session }, password, fetcher = fetch) {
  return respond(pool, 'NEW_PASSWORD_REQUIRED', session, fetcher, {
    USERNAME: username,
    NEW_PASSWORD: password,
  });
}

/** Answers a login's question for the code that the authenticator app shows. */
export function sendCode(pool, { username, session }, code, fetcher = fetch) {
  return respond(pool, 'SOFTWARE_TOKEN_MFA', session, fetcher, {
    USERNAME: username,
    SOFTWARE_TOKEN_MFA_CODE: code,
  });
}

/**
 * Asks for a new secret to put into an authenticator app; nothing counts before `confirmSecret`.
 *
 * @param {Proof} proof
 * @returns {Promise<{secret: string, proof: Proof}>} the proof to confirm it with
 */
export async function newSecret(pool, proof, fetcher = fetch) {
  const answer = await call(pool, 'AssociateSoftwareToken', fetcher, named(proof));
  const next = 'session' in proof ? { session: answer.Session ?? proof.session } : proof;
  return { secret: answer.SecretCode, proof: next };
}

/**
 * Shows by a code that the app knows the secret. After a login it is asked for from then on; in the middle of
 * one, the login goes on.
 *
 * @param {Proof} proof
 * @returns {Promise<Tokens | Challenge | null>} null after a login
 */
export async function confirmSecret(pool, proof, code, username, fetcher = fetch) {
  const answer = await call(pool, 'VerifySoftwareToken', fetcher, { ...named(proof), UserCode: code });
  if (answer.Status !== 'SUCCESS') throw new LoginError('EnableSoftwareTokenMFAException');
  if ('session' in proof) {
    return respond(pool, 'MFA_SETUP', answer.Session ?? proof.session, fetcher, { USERNAME: username });
  }
  await call(pool, 'SetUserMFAPreference', fetcher, {
    ...named(proof),
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  });
  return null;
}

/** Whether the user is asked for a code at each login. */
export async function hasSecondFactor(pool, accessToken, fetcher = fetch) {
  const answer = await call(pool, 'GetUser', fetcher, named({ accessToken }));
  return (answer.UserMFASettingList ?? []).includes('SOFTWARE_TOKEN_MFA');
}

/** The address that an authenticator app reads, as a QR code or by a tap (Key Uri Format). */
export function secretAddress(secret, username, issuer) {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

/** @returns {Promise<Tokens>} */
export async function renew(pool, refreshToken, fetcher = fetch) {
  const answer = await call(pool, 'InitiateAuth', fetcher, {
    ClientId: pool.userPoolClientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  });
  const tokens = tokensOf(answer);
  if (!tokens) throw new LoginError('unexpected');
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}

/** @returns {Promise<Tokens | Challenge>} */
async function respond(pool, challenge, session, fetcher, answers) {
  const answer = await call(pool, 'RespondToAuthChallenge', fetcher, {
    ClientId: pool.userPoolClientId,
    ChallengeName: challenge,
    Session: session,
    ChallengeResponses: answers,
  });
  return tokensOf(answer) ?? challengeOf(answer, answers.USERNAME);
}

/** @param {Proof} proof */
const named = (proof) =>
  'session' in proof ? { Session: proof.session } : { AccessToken: proof.accessToken };

async function call({ cognitoEndpoint }, action, fetcher, body) {
  const response = await send(cognitoEndpoint, action, fetcher, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new LoginError(exceptionOf(answer));
  return answer;
}

async function send(endpoint, action, fetcher, body) {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': `AWSCognitoIdentityProviderService.${action}`,
  };
  try {
    return await fetcher(endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      cache: 'no-store',
    });
  } catch {
    throw new LoginError('network');
  }
}

/** Cognito names its exceptions "Name" or "namespace#Name". */
function exceptionOf(answer) {
  return String(answer.__type ?? 'unexpected')
    .split('#')
    .pop();
}

function tokensOf({ AuthenticationResult: result }) {
  if (!result?.AccessToken) return null;
  const { AccessToken: accessToken, RefreshToken: refreshToken = null, ExpiresIn: expiresIn = 3600 } = result;
  return { accessToken, refreshToken, expiresIn };
}

function challengeOf(
  { ChallengeName: challenge, Session: session = '', ChallengeParameters: known },
  username,
) {
  if (!challenge) throw new LoginError('unexpected');
  return { challenge, session, username: known?.USER_ID_FOR_SRP ?? username };
}
