/**
 * Proves a password to Cognito without sending it (USER_SRP_AUTH): SRP-6a in the 3,072-bit group of RFC 3526
 * with generator 2, and a key derived from the shared secret by HKDF, which signs the challenge.
 *
 * Sources: RFC 5054 (u, x, k and S); the group, the padding, the names in x and in the key and the form of the
 * time are Cognito's own, as its public clients have them. The libraries that do this weigh a multiple of the
 * page, for browsers without BigInt and WebCrypto.
 */

const N = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f' +
    '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
    'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510' +
    '15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
    'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c' +
    'bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
);
const G = 2n;
const INFO = 'Caldera Derived Key';
/** RFC 5054, 2.5.3: at least 256 bits. */
const SECRET_BYTES = 32;

/**
 * @typedef {{SALT: string, SRP_B: string, SECRET_BLOCK: string, USER_ID_FOR_SRP: string}} Parameters
 *   of the challenge PASSWORD_VERIFIER
 */

/**
 * One attempt. `publicValue` goes to Cognito first; `answer` is what its challenge is answered with.
 *
 * @param {string} userPoolId
 * @param {bigint} secret of this attempt alone
 */
export function beginProof(userPoolId, secret = randomSecret()) {
  const own = power(G, secret);
  const pool = userPoolId.split('_').pop();
  return {
    publicValue: own.toString(16),
    /** @param {Parameters} asked */
    async answer(asked, password, now = new Date()) {
      const name = `${pool}${asked.USER_ID_FOR_SRP}`;
      const key = await sharedKey(own, secret, asked, `${name}:${password}`);
      const timestamp = timeOf(now);
      const signed = [utf8(name), fromBase64(asked.SECRET_BLOCK), utf8(timestamp)];
      return {
        USERNAME: asked.USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: asked.SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: toBase64(await sign(key, signed)),
        TIMESTAMP: timestamp,
      };
    },
  };
}

/** S = (B - k * g^x) ^ (a + u * x), and the key that comes of it. */
async function sharedKey(own, secret, asked, identity) {
  const theirs = BigInt(`0x${asked.SRP_B}`);
  const u = await hash(bytes(own), bytes(theirs));
  // RFC 5054, 2.6: with either the secret would be known to anybody.
  if (theirs % N === 0n || u === 0n) throw new RangeError('SRP_B');
  const k = await hash(bytes(N), bytes(G));
  const x = await hash(bytes(BigInt(`0x${asked.SALT}`)), bytes(await hash(utf8(identity)), 32));
  const base = (theirs - ((k * power(G, x)) % N) + N) % N;
  return derive(bytes(power(base, secret + u * x)), bytes(u));
}

function randomSecret() {
  return number(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

function power(base, exponent) {
  let [result, square] = [1n, base % N];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

async function hash(...parts) {
  return number(new Uint8Array(await crypto.subtle.digest('SHA-256', joined(parts))));
}

async function derive(secret, salt) {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(INFO) };
  return crypto.subtle.deriveKey(how, key, { name: 'HMAC', hash: 'SHA-256', length: 128 }, false, ['sign']);
}

async function sign(key, parts) {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, joined(parts)));
}

/** "Wed Jan 7 08:05:03 UTC 2026", whatever the language of the page. */
function timeOf(now) {
  const [weekday, day, month, year, time] = now.toUTCString().split(/,? /);
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
}

/** Big-endian: so many bytes, or as few as a signed number needs, so that no first bit is set. */
function bytes(value, length = 0) {
  const digits = value.toString(16);
  const least = length || Math.floor(digits.length / 2) + 1;
  const padded = digits.padStart(2 * least, '0');
  const found = Uint8Array.from(padded.match(/../g), (pair) => Number.parseInt(pair, 16));
  return !length && found[0] === 0 && found[1] < 0x80 ? found.slice(1) : found;
}

const number = (given) => BigInt(`0x${Array.from(given, (b) => b.toString(16).padStart(2, '0')).join('')}`);
const utf8 = (text) => new TextEncoder().encode(text);
const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toBase64 = (given) => btoa(String.fromCharCode(...given));

function joined(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
