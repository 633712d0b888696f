import { expect, test } from 'vitest';
import { findingsOf } from '../support/configuration.js';

function found(origins: string, url = 'https://auth.example.com') {
  const env = { BETTER_AUTH_URL: url, BETTER_AUTH_TRUSTED_ORIGINS: origins };
  return findingsOf(env).filter(({ code }) => code === 'ORIGIN_MAKES_COOKIE_CROSS_SITE');
}

test.each([
  'http://localhost:3000',
  'https://www.example.com,http://localhost:3000',
  'http://127.0.0.1:3000,https://www.example.com,https://docs.example.com',
])('a local origin of a deployed service yields a warning that names it: %s', (origins) => {
  const [finding, ...others] = found(origins);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ level: 'warn', variable: 'BETTER_AUTH_TRUSTED_ORIGINS' });
  expect(finding?.message).toMatch(
    /^holds http:\/\/(localhost|127\.0\.0\.1):3000, the only reason/,
  );
});

test('a single origin on another site is reported with level info', () => {
  const [finding] = found('https://www.example.com,https://docs.example.org');
  expect(finding).toMatchObject({ level: 'info' });
  expect(finding?.message).toContain('holds https://docs.example.org, the only reason');
});

test.each([
  ['every page is on one site', 'https://www.example.com,https://docs.example.com'],
  ['the one page is meant to be on another site', 'https://docs.example.org'],
  ['several are on other sites', 'https://docs.example.org,https://b.test,https://www.example.com'],
  ['one of several on other sites is local', 'https://docs.example.org,http://localhost:3000'],
])('there is no finding where %s', (_, origins) => {
  expect(found(origins)).toEqual([]);
});

test('no finding for a service on the local machine', () => {
  expect(found('http://localhost:3000', 'http://localhost:3001')).toEqual([]);
  expect(found('http://localhost:3000', 'https://localhost:3001')).toEqual([]);
});
