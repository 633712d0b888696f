/** `GET /api/auth/features`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    env: {
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000,http://localhost:4000',
      SITE_PAGES: 'http://localhost:3000/auth/confirm/,http://localhost:3001/finish',
    },
  });
});
afterAll(() => service.stop());

const sitePageFor = async (origin: string | null) => {
  const { json } = await new Visitor(service).ask('/api/auth/features', { origin });
  return (json?.features as Record<string, unknown>).sitePage;
};

test('it names the page of the asking origin, exactly as SITE_PAGES has it', async () => {
  expect(await sitePageFor('http://localhost:3000')).toBe('http://localhost:3000/auth/confirm/');
  expect(await sitePageFor('http://localhost:4000')).toBeUndefined();
  expect(await sitePageFor('https://evil.example')).toBeUndefined();
});

test('a page of the own origin, which sends no Origin, gets its own', async () => {
  expect(await sitePageFor(null)).toBe('http://localhost:3001/finish');
});
