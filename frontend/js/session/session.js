/**
 * Who is logged in. Tokens live in memory alone: a reload asks for the password, and nothing on the
 * disk is worth stealing. A session that ends by itself leaves the view standing: see reauth-layer.js.
 *
 * @typedef {{username: string, groups: string[], accessToken: string, expiresAt: number}} Session
 */
import { renew } from './cognito.js';
import { groupsOf } from './token.js';
import { computed, signal } from '../core/preact.js';

/** Renewed this long before the end, so that no call leaves with a token about to die. */
const MARGIN_MS = 60_000;
const BRANCH = 'branch-';
const ALL_BRANCHES = 'all-branches';

const session = signal(/** @type {Session | null} */ (null));
/** True while a session has ended by itself and nobody has logged in again. */
export const ended = signal(false);
let refreshToken = null;
let renewing = null;

/** null when nobody is logged in. */
export const username = computed(() => session.value?.username ?? null);
/** What the user may do, e.g. ["advisor"]. */
export const roles = computed(() => session.value?.groups.filter((group) => !isBranchGroup(group)) ?? []);
/** Whose applicants they see; null: every branch's. */
export const branches = computed(() => {
  const groups = session.value?.groups ?? [];
  if (groups.includes(ALL_BRANCHES)) return null;
  return groups.filter((group) => group.startsWith(BRANCH)).map((group) => group.slice(BRANCH.length));
});

function isBranchGroup(group) {
  return group === ALL_BRANCHES || group.startsWith(BRANCH);
}

/** @param {import('./cognito.js').Tokens} tokens */
export function openSession(name, tokens) {
  refreshToken = tokens.refreshToken ?? refreshToken;
  session.value = {
    username: name,
    groups: groupsOf(tokens.accessToken),
    accessToken: tokens.accessToken,
    expiresAt: Date.now() + tokens.expiresIn * 1000,
  };
  ended.value = false;
}

/** Ends the session because the user wants it: nothing of it stays. */
export function closeSession() {
  refreshToken = null;
  ended.value = false;
  session.value = null;
}

/** The session ended by itself: the view stays, and asks for the password. */
export function endSession() {
  if (session.value === null) return;
  refreshToken = null;
  ended.value = true;
}

/**
 * The token to send, renewed when it is about to end; null when it cannot be.
 *
 * @param {import('./cognito.js').Pool} pool
 */
export async function currentToken(pool) {
  const current = session.value;
  if (!current || ended.value) return null;
  if (current.expiresAt - Date.now() > MARGIN_MS) return current.accessToken;
  if (refreshToken) await renewOnce(pool, current);
  else if (current.expiresAt <= Date.now()) endSession();
  // While it was renewed the user may have signed out, and another one in.
  if (ended.value || session.value?.username !== current.username) return null;
  return session.value.accessToken;
}

/** Several calls may find the token old at once: one renewal serves them all, and no session but that one. */
function renewOnce(pool, current) {
  const isCurrent = () => session.value === current;
  renewing ??= renew(pool, refreshToken)
    .then((tokens) => isCurrent() && openSession(current.username, tokens))
    .catch(() => isCurrent() && endSession())
    .finally(() => {
      renewing = null;
    });
  return renewing;
}
