/** What an access token says of its holder; whether it is true is the service's to check. */

/** @param {string} token a JSON Web Token @returns {string[]} groups of the user pool, none in what is no such token */
export function groupsOf(token) {
  try {
    const [, payload] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (c) =>
      c.charCodeAt(0),
    );
    const groups = JSON.parse(new TextDecoder().decode(bytes))['cognito:groups'];
    return Array.isArray(groups) ? groups.map(String) : [];
  } catch {
    return [];
  }
}
