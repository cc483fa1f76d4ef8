import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { createApi } from '../js/core/api.js';

const PROBLEM = {
  type: 'about:blank',
  title: 'Invalid applicant',
  status: 422,
  detail: 'AMT_CREDIT must be a number.',
  request_id: 'r-1',
  errors: [{ field: 'AMT_CREDIT', value: 'much', allowed: 'a number' }],
};

/** What a small real server answers, by path. */
const ANSWERS = {
  '/api/applicants/1': (request) => [
    200,
    { authorization: request.headers.authorization, language: request.headers['accept-language'] },
  ],
  '/api/applicants/2': () => [422, PROBLEM],
  '/api/applicants/3': () => [502, '<html>Bad gateway</html>', { 'x-amzn-requestid': 'r-2' }],
  '/api/applicants/4': () => [200, 'not json'],
  '/api/applicants/5': () => [401, { message: 'Unauthorized' }, { 'apigw-requestid': 'r-3' }],
  '/api/model/card': (request) => [
    200,
    `<p>${request.headers.accept} ${request.headers.authorization}</p>`,
    { 'content-type': 'text/html', 'model-version': '7dcc15a97ed1' },
  ],
  '/api/applicants/a%2Fb': () => [200, { found: true }],
  '/api/applicants/6': () => [503, { title: 'Not now', errors: 'none', request_id: 7 }],
  '/api/applicants/7': () => [422, { errors: [{ value: 1 }, null, { field: 'A', value: 1 }] }],
  '/api/applicants/8': () => [403, { title: 'Not yours' }],
};

/** What it answers whatever the path: what it was asked. */
const echo = (request, body) => [
  200,
  {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: body === '' ? undefined : JSON.parse(body),
  },
];

let server;
let address;

before(async () => {
  server = createServer(async (request, response) => {
    if (request.url.endsWith('/hangs')) return; // for the test of the time-out
    const sent = (await request.toArray()).join('');
    const [status, body, headers = {}] = (ANSWERS[request.url] ?? echo)(request, sent);
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${server.address().port}/api`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function api(settings = {}) {
  return createApi({
    base: address,
    token: async () => 'abc',
    language: () => 'fr',
    onUnauthorized: () => {},
    ...settings,
  });
}

const failure = (promise) =>
  promise.then(
    () => assert.fail('no error'),
    (error) => error,
  );

test('a call carries the token and the language', async () => {
  assert.deepEqual(await api().applicant('1'), { authorization: 'Bearer abc', language: 'fr' });
});

test('problem details arrive with title, fields and request id', async () => {
  const error = await failure(api().applicant('2'));
  assert.equal(error.title, 'Invalid applicant');
  assert.equal(error.detail, 'AMT_CREDIT must be a number.');
  assert.equal(error.requestId, 'r-1');
  assert.deepEqual(error.errors, PROBLEM.errors);
  assert.equal(error.retryable, false);
});

test('an error of a gateway that writes no problem details keeps its status and request id', async () => {
  const error = await failure(api().applicant('3'));
  assert.deepEqual(
    [error.kind, error.status, error.requestId, error.retryable],
    ['problem', 502, 'r-2', true],
  );
});

test('an answer that is no JSON is unreadable, not empty', async () => {
  assert.equal((await failure(api().applicant('4'))).kind, 'unreadable');
});

test('a token that is refused ends the session', async () => {
  let ended = 0;
  const error = await failure(
    api({
      onUnauthorized: () => {
        ended += 1;
      },
    }).applicant('5'),
  );
  assert.deepEqual([ended, error.status, error.title], [1, 401, 'Unauthorized']);
});

test('a service that does not answer in time is a time-out', async () => {
  const error = await failure(api({ timeout: 50 }).applicant('hangs'));
  assert.deepEqual([error.kind, error.retryable], ['timeout', true]);
});

test('a service that is not there is a network failure', async () => {
  assert.equal((await failure(api({ base: 'http://127.0.0.1:1/api' }).applicant('1'))).kind, 'network');
});

test('a view that is left gets the abort, not an error to show', async () => {
  const controller = new AbortController();
  const promise = api().applicant('hangs', controller.signal);
  controller.abort();
  assert.equal((await failure(promise)).name, 'AbortError');
});

test('the model card arrives as the text that was sent, with the version that it is of', async () => {
  assert.deepEqual(await api().modelCard(), {
    text: '<p>text/html Bearer abc</p>',
    version: '7dcc15a97ed1',
  });
});

test('an id is one segment of the path whatever is in it', async () => {
  assert.deepEqual(await api().applicant('a/b'), { found: true });
});

test('without a token a call says nothing of who asks', async () => {
  const { headers } = await api({ token: async () => null }).model();
  assert.ok(!('authorization' in headers));
});

test('only a token that is refused ends the session, not a right that is missing or a service that is down', async () => {
  let ended = 0;
  const onUnauthorized = () => {
    ended += 1;
  };
  for (const id of ['2', '3', '4', '6', '8']) await failure(api({ onUnauthorized }).applicant(id));
  assert.equal(ended, 0);
});

test('a decision carries the key of its intention, and nothing else does', async () => {
  const sent = await api().decide({ decision: 'accept' }, 'key-1');
  assert.deepEqual([sent.method, sent.url, sent.body], ['POST', '/api/decisions', { decision: 'accept' }]);
  assert.equal(sent.headers['idempotency-key'], 'key-1');
  assert.equal(sent.headers['content-type'], 'application/json');
  assert.ok(!('idempotency-key' in (await api().confirmDecision('d', { agrees: true })).headers));
});

test('a query leaves out what is empty and keeps what is zero', async () => {
  const query = { query: '', state: 'open', branch: undefined, amount_min: 0, income_type: 'State servant' };
  assert.equal(
    (await api().findApplicants(query)).url,
    '/api/applicants?state=open&amount_min=0&income_type=State+servant',
  );
  assert.equal((await api().batches({ branch: '', limit: 20 })).url, '/api/batches?limit=20');
});

test('what is read has no body, what is changed says so by its method', async () => {
  const read = await api().score('1');
  assert.deepEqual([read.method, read.body, 'content-type' in read.headers], ['GET', undefined, false]);
  assert.equal((await api().claim('1')).method, 'PUT');
  assert.equal((await api().release('1')).method, 'DELETE');
  assert.deepEqual((await api().replay('d')).body, {});
});

test('a letter is asked for in the language that it shall have, not in that of the page', async () => {
  const sent = JSON.parse(await api({ language: () => 'en' }).letter('d/1', 'fr'));
  assert.equal(sent.url, '/api/decisions/d%2F1/letter?language=fr');
  assert.equal(sent.headers.accept, 'text/html');
  const draft = JSON.parse(await api().previewLetter({ decision: 'refuse' }, 'en'));
  assert.deepEqual([draft.url, draft.body], ['/api/decisions/preview?language=en', { decision: 'refuse' }]);
});

test('a file is announced by its name, its size and the language of its sender', async () => {
  const sent = await api().requestUpload('paris-01', new File(['a,b'], 'été.csv'));
  assert.deepEqual(sent.body, { branch: 'paris-01', filename: 'été.csv', bytes: 3, language: 'fr' });
});

test('an error in a shape that nobody promised is read as far as it goes', async () => {
  const down = await failure(api().applicant('6'));
  assert.deepEqual([down.title, down.errors, down.requestId], ['Not now', [], '']);
  assert.deepEqual((await failure(api().applicant('7'))).errors, [{ field: 'A', value: 1 }]);
});

test('what may pass is worth another try, what is refused is not', async () => {
  const { retryable } = await failure(api().applicant('6'));
  assert.equal(retryable, true);
  for (const id of ['2', '5', '8']) assert.equal((await failure(api().applicant(id))).retryable, false, id);
});
