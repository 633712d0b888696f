import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

test('/health reports that the process is alive, and nothing else', async () => {
  await request(service.url)
    .get('/health')
    .expect(200, { status: 'ok' })
    .expect('Content-Type', 'application/json; charset=utf-8');
});

test('any page may read /health, but no other route', async () => {
  const untrustedOrigin = { Origin: 'https://untrusted.example' };
  const health = await request(service.url).get('/health').set(untrustedOrigin);
  expect(health.headers).toMatchObject({ 'access-control-allow-origin': '*' });
  expect(health.headers).not.toHaveProperty('access-control-allow-credentials');
  for (const path of ['/ready', '/session', '/api/auth/ok', '/nowhere']) {
    const { headers } = await request(service.url).get(path).set(untrustedOrigin);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('/ready lists its three checks', async () => {
  const checks = { database: 'ok', migrations: 'ok', schema: 'ok' };
  await request(service.url).get('/ready').expect(200, { status: 'ready', checks });
});

test.each(['/health', '/ready'])('%s rejects POST', async (path) => {
  const answer = await request(service.url).post(path).expect(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});
