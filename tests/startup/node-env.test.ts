/** BetterAuth's security depends on NODE_ENV: every file that reads it has been reviewed, and new ones are detected. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** File → the option, or other reason, why NODE_ENV has no effect there. */
const reviewed = {
  'better-auth/api/routes/error.mjs': "disabledPaths: ['/error'], the page is never shown",
  'better-auth/api/routes/sign-up.mjs': 'logger: one line more in development, masked by ours',
  'better-auth/client/vue/vue-store.mjs': 'runs in browsers',
  'better-auth/context/create-context.mjs':
    'secret (config/secrets.ts checks it), rateLimit.enabled, advanced.disableOriginCheck',
  'better-auth/cookies/index.mjs': 'advanced.useSecureCookies; getCookieCache is not called',
  'better-auth/oauth2/link-account.mjs': 'logger: one line more in development',
  '@better-auth/core/env/env-impl.mjs': 'where it is read',
  '@better-auth/core/env/index.mjs': 'where it is exported',
  '@better-auth/core/utils/ip.mjs': 'advanced.ipAddress.ipAddressHeaders: ours is always there',
  '@better-auth/telemetry/index.mjs': 'telemetry.enabled',
  '@better-auth/telemetry/node.mjs': 'telemetry.enabled',
};

const asksForIt = /NODE_ENV|nodeENV|\bisProduction\b|\bisTest\b|\bisDevelopment\b/;

test('only reviewed files of BetterAuth read NODE_ENV', () => {
  const own = createRequire(import.meta.url);
  const betterAuth = own.resolve('better-auth');
  const nested = createRequire(betterAuth);
  const packages = ['core', 'drizzle-adapter', 'telemetry'].map((name) => `@better-auth/${name}`);
  const found = [
    ...filesAskingIn('better-auth', dirname(betterAuth)),
    ...packages.flatMap((name) => filesAskingIn(name, dirname(nested.resolve(name)))),
    ...filesAskingIn('better-call', dirname(nested.resolve('better-call'))),
  ];
  expect(found.sort()).toEqual(Object.keys(reviewed).sort());
});

function filesAskingIn(name: string, folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.mjs'))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(0);
  return files
    .filter((file) => asksForIt.test(readFileSync(file, 'utf8')))
    .map((file) => `${name}/${relative(folder, file).replaceAll('\\', '/')}`);
}
