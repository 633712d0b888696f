/** Brings second factors to `npm run dev`: on, with commands that need no phone. */
import { createRequire } from 'node:module';
import type { DevPart } from '../dev-part.js';

/** @returns undefined where the environment switches second factors off */
export function startDevPart(
  env: Readonly<Record<string, string | undefined>>,
): Promise<DevPart | undefined> {
  const { SECOND_FACTOR: mode = 'optional', BETTER_AUTH_URL: baseUrl = '' } = env;
  if (mode === 'off') return Promise.resolve(undefined);
  return Promise.resolve({
    environment: { SECOND_FACTOR: mode },
    commands: commands(baseUrl),
    stop: () => Promise.resolve(),
  });
}

/** Signs up, and sets up an authenticator app. By the absolute path, so that they work in any folder. */
function commands(baseUrl: string): string {
  const otpauth = createRequire(import.meta.url).resolve('otpauth');
  return `Set up an authenticator app whose codes this machine computes:

  app() { curl -s -c factor -b factor -H 'origin: ${baseUrl}' -H 'content-type: application/json' -d "$2" ${baseUrl}/api/auth/$1; }
  code() { node -p "new (require('${otpauth}').TOTP)({ secret: '$secret' }).generate()"; }
  app sign-up/email '{"name":"Ada","email":"ada.'$(date +%s)'@example.com","password":"correct horse battery"}' > /dev/null
  secret=$(app two-factor/enable '{}' | sed -n 's/.*secret=\\([A-Z2-7]*\\).*/\\1/p')
  app two-factor/verify-totp '{"code":"'$(code)'"}'
`;
}
