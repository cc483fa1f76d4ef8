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
};

let server;
let address;

before(async () => {
  server = createServer((request, response) => {
    const answer = ANSWERS[request.url];
    if (!answer) return; // hangs: for the test of the time-out
    const [status, body, headers = {}] = answer(request);
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
