/**
 * The two calls of Amazon Cognito that a login needs, made with fetch (the SDK weighs more than the page).
 *
 * @typedef {{cognitoEndpoint: string, userPoolClientId: string}} Pool
 * @typedef {{accessToken: string, refreshToken: string | null, expiresIn: number}} Tokens
 * @typedef {{challenge: string, session: string, username: string}} Challenge what Cognito wants first
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
  const answer = await call(pool, 'InitiateAuth', fetcher, {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return tokensOf(answer) ?? challengeOf(answer, username);
}

/** Answers the challenge that a new account gets at its first login. */
export async function setNewPassword(pool, { username, session }, password, fetcher = fetch) {
  const answer = await call(pool, 'RespondToAuthChallenge', fetcher, {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: session,
    ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password },
  });
  return tokensOf(answer) ?? challengeOf(answer, username);
}

/** @returns {Promise<Tokens>} */
export async function renew(pool, refreshToken, fetcher = fetch) {
  const answer = await call(pool, 'InitiateAuth', fetcher, {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  });
  const tokens = tokensOf(answer);
  if (!tokens) throw new LoginError('unexpected');
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}

async function call({ cognitoEndpoint, userPoolClientId }, action, fetcher, body) {
  const response = await send(cognitoEndpoint, action, fetcher, { ClientId: userPoolClientId, ...body });
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
