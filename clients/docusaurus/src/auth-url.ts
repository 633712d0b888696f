/** Reads `authUrl`: the origin of the auth service, or a sentence that says what is wrong with it. */

const example = `plugins: [['docusaurus-plugin-auth-service', { authUrl: 'https://auth.example.com' }]]`;

/**
 * @returns the origin, without a slash at its end; `/api/auth` after it is taken off, because BetterAuth's
 * clients are often given it
 * @throws Error with the one sentence to show. The value itself is not repeated: it may hold a password.
 */
export function readAuthUrl(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new Error(
      `authUrl is missing: give the address of the auth service, like ${example}. ` +
        'If it comes from an environment variable, that variable is not set in this build.',
    );
  }
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    throw new Error(`authUrl is not a URL that begins with https:// or http://, like ${example}.`);
  }
  const url = new URL(value);
  if (url.username || url.password) {
    throw new Error('authUrl holds a user name or a password: every visitor would read it.');
  }
  if (url.search || url.hash || !/^(\/|\/api\/auth\/?)$/.test(url.pathname)) {
    throw new Error(
      `authUrl is more than an address: write ${url.origin}, without what follows it. ` +
        'The auth service answers under /api/auth of its host.',
    );
  }
  return url.origin;
}

/** Whether a page at `pageUrl` may not call `authUrl`, because the browser blocks http from https (mixed content). */
export function isMixedContent(pageUrl: string, authUrl: string): boolean {
  return new URL(pageUrl).protocol === 'https:' && !isPotentiallyTrustworthy(new URL(authUrl));
}

/** Browsers let an https page call this machine over http (Secure Contexts, 3.1). */
function isPotentiallyTrustworthy({ protocol, hostname }: URL): boolean {
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || isLoopback;
}
