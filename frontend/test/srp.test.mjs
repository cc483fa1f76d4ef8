import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { beginProof } from '../js/session/srp.js';

/** What pycognito 2024.5.1 answered with the same secrets, at the same time. */
const VECTORS = JSON.parse(await readFile(new URL('srp-vectors.json', import.meta.url), 'utf8'));

test('a password is proved as another library proves it', async () => {
  for (const vector of VECTORS) {
    const proof = beginProof(vector.pool, BigInt(`0x${vector.secret}`));
    assert.equal(proof.publicValue, vector.public.replace(/^0+/, ''));
    assert.deepEqual(await proof.answer(vector.asked, vector.password, new Date(vector.now)), {
      USERNAME: vector.asked.USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: vector.asked.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: vector.signature,
      TIMESTAMP: vector.timestamp,
    });
  }
});

test('another password, name or pool gives another proof', async () => {
  const [vector] = VECTORS;
  const now = new Date(vector.now);
  const signature = async ({ pool = vector.pool, user = vector.asked.USER_ID_FOR_SRP, password }) => {
    const proof = beginProof(pool, BigInt(`0x${vector.secret}`));
    const answer = await proof.answer({ ...vector.asked, USER_ID_FOR_SRP: user }, password, now);
    return answer.PASSWORD_CLAIM_SIGNATURE;
  };
  const { password } = vector;
  const others = await Promise.all([
    signature({ password: `${password} ` }),
    signature({ password, user: 'mallory' }),
    signature({ password, pool: 'eu-west-3_Other' }),
  ]);
  assert.equal(new Set([...others, vector.signature]).size, 4);
});

test('each attempt has a secret of its own, of 256 bits', () => {
  const values = Array.from({ length: 5 }, () => beginProof('eu-west-3_x').publicValue);
  assert.equal(new Set(values).size, 5);
  for (const value of values) assert.ok(value.length > 700);
});

test('a value that would fix the shared secret is not answered', async () => {
  const [{ asked, password, pool }] = VECTORS;
  const proof = beginProof(pool);
  await assert.rejects(proof.answer({ ...asked, SRP_B: '0' }, password), RangeError);
});
