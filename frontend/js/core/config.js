/**
 * What differs between places where the page is served, read once from /config.json.
 *
 * @typedef {{region: string, userPoolId: string, userPoolClientId: string, cognitoEndpoint: string,
 *   apiBase: string, currency?: string}} Config
 */

/** @returns {Promise<Config>} */
export async function loadConfig() {
  const response = await fetch('config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`config.json answered ${response.status}`);
  return response.json();
}
