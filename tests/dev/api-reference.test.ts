/** GET /api/auth/reference: in front of the app in development, and nowhere else. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { referencePath, withApiReference } from '../../src/dev/api-reference.js';
import { startTestService, type TestService } from '../support/test-service.js';

const baseUrl = 'http://localhost:4321';
const script = Buffer.from('/* the script */');

let loadScript = () => Promise.resolve(script);
let server: Server;
let url: string;

beforeAll(async () => {
  const app = withApiReference((_req, res) => res.end('the app'), {
    baseUrl,
    dataDirectory: '/nowhere',
    loadScript: () => loadScript(),
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

const get = async (path: string, method = 'GET') => {
  const response = await fetch(url + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

test('the page loads only the script and the document of this service', async () => {
  const page = await get(referencePath);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(page.text).toContain(`src="${referencePath}/scalar.js"`);
  expect(page.text).toContain(`url: '${referencePath}/openapi.json'`);
  expect(page.text).not.toContain('http');
  expect((await get(`${referencePath}/scalar.js`)).text).toBe(script.toString());
});

test('the document names this service as its server', async () => {
  const document = JSON.parse((await get(`${referencePath}/openapi.json`)).text) as object;
  expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: baseUrl }] });
});

test.each([
  ['GET', '/session'],
  ['GET', `${referencePath}/`],
  ['GET', `${referencePath}/constructor`],
  ['POST', referencePath],
])('%s %s reaches the app', async (method, path) => {
  expect((await get(path, method)).text).toBe('the app');
});

test('a script that cannot be downloaded is reported on the page', async () => {
  loadScript = () => Promise.reject(new Error('the registry is unreachable'));
  expect(await get(referencePath)).toMatchObject({
    status: 503,
    text: 'No API reference: Error: the registry is unreachable\n',
  });
});

describe('in production', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());

  test.each(['', '/scalar.js', '/openapi.json'])('%s is not found', async (path) => {
    expect((await fetch(service.url + referencePath + path)).status).toBe(404);
  });
});
