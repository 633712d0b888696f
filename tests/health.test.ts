import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './support/test-service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

test('/health says that the process lives, and nothing about it', async () => {
  await request(service.url)
    .get('/health')
    .expect(200, { status: 'ok' })
    .expect('Content-Type', 'application/json; charset=utf-8');
});

test('any page may read /health, and no other route', async () => {
  const stranger = { Origin: 'https://stranger.example' };
  const health = await request(service.url).get('/health').set(stranger);
  expect(health.headers).toMatchObject({ 'access-control-allow-origin': '*' });
  expect(health.headers).not.toHaveProperty('access-control-allow-credentials');
  for (const path of ['/ready', '/session', '/api/auth/ok', '/nowhere']) {
    const { headers } = await request(service.url).get(path).set(stranger);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('/ready names its three checks', async () => {
  const checks = { database: 'ok', migrations: 'ok', schema: 'ok' };
  await request(service.url).get('/ready').expect(200, { status: 'ready', checks });
});

test.each(['/health', '/ready'])('%s refuses POST', async (path) => {
  const answer = await request(service.url).post(path).expect(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});
