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

test('/ready names its three checks', async () => {
  const checks = { database: 'ok', migrations: 'ok', schema: 'ok' };
  await request(service.url).get('/ready').expect(200, { status: 'ready', checks });
});

test.each(['/health', '/ready'])('%s refuses POST', async (path) => {
  const answer = await request(service.url).post(path).expect(405);
  expect(answer.headers.allow).toBe('GET, HEAD');
});
