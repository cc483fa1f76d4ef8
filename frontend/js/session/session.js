/**
 * Who is logged in. The access token lives in memory and, so that a reload does not end the day's
 * work, in sessionStorage (this tab only); the refresh token stays in memory alone.
 *
 * @typedef {{username: string, accessToken: string, expiresAt: number}} Session
 */
import { renew } from './cognito.js';
import { computed, signal } from '../core/preact.js';

const KEY = 'session';
/** Renewed this long before the end, so that no call leaves with a token about to die. */
const MARGIN_MS = 60_000;

const session = signal(restore());
let refreshToken = null;
let renewing = null;

/** null when nobody is logged in. */
export const username = computed(() => session.value?.username ?? null);
/** True when a session ended by itself: the login page then says why it is there. */
export const expired = signal(false);

/** @param {import('./cognito.js').Tokens} tokens */
export function openSession(name, tokens) {
  refreshToken = tokens.refreshToken;
  const opened = {
    username: name,
    accessToken: tokens.accessToken,
    expiresAt: Date.now() + tokens.expiresIn * 1000,
  };
  sessionStorage.setItem(KEY, JSON.stringify(opened));
  expired.value = false;
  session.value = opened;
}

/** Ends the session; of several calls that find it ended, only the first counts. */
export function closeSession({ byItself = false } = {}) {
  if (session.value === null) return;
  refreshToken = null;
  sessionStorage.clear();
  expired.value = byItself;
  session.value = null;
}

/**
 * The token to send, renewed when it is about to end; null (and the login page) when it cannot be.
 *
 * @param {import('./cognito.js').Pool} pool
 */
export async function currentToken(pool) {
  const current = session.value;
  if (!current) return null;
  if (current.expiresAt - Date.now() > MARGIN_MS) return current.accessToken;
  if (refreshToken) await renewOnce(pool, current.username);
  else if (current.expiresAt <= Date.now()) closeSession({ byItself: true });
  return session.value?.accessToken ?? null;
}

/** Several calls may find the token old at once: one renewal serves them all. */
function renewOnce(pool, name) {
  renewing ??= renew(pool, refreshToken)
    .then((tokens) => openSession(name, tokens))
    .catch(() => closeSession({ byItself: true }))
    .finally(() => {
      renewing = null;
    });
  return renewing;
}

/** @returns {Session | null} */
function restore() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return stored?.expiresAt > Date.now() ? stored : null;
  } catch {
    return null;
  }
}
