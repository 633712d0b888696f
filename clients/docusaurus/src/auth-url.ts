/** Validates `authUrl`, the origin of the auth service. */

const example = `plugins: [['docusaurus-plugin-auth-service', { authUrl: 'https://auth.example.com' }]]`;

/**
 * @returns the origin, without a trailing slash. A path `/api/auth` is removed, because BetterAuth's own clients take it
 * @throws Error with the message to show. It does not repeat the value, which may contain a password.
 */
export function readAuthUrl(value: unknown): string {
  if (value === undefined || value === null || value === '') {
    throw new Error(
      `authUrl is missing: set it to the address of the auth service, like ${example}. ` +
        'If it comes from an environment variable, that variable is not set in this build.',
    );
  }
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    throw new Error(`authUrl is not a URL that begins with https:// or http://, like ${example}.`);
  }
  const url = new URL(value);
  if (url.username || url.password) {
    throw new Error('authUrl contains a user name or a password, which every visitor could read.');
  }
  if (url.search || url.hash || !/^(\/|\/api\/auth\/?)$/.test(url.pathname)) {
    throw new Error(
      `authUrl is more than an origin: write ${url.origin}, without the rest. ` +
        'The auth service answers under /api/auth of its host.',
    );
  }
  return url.origin;
}

/** Whether browsers block calls from `pageUrl` to `authUrl` as mixed content: http from an https page. */
export function isMixedContent(pageUrl: string, authUrl: string): boolean {
  return new URL(pageUrl).protocol === 'https:' && !isPotentiallyTrustworthy(new URL(authUrl));
}

/** Browsers let an https page call the local machine over http (Secure Contexts, 3.1). */
function isPotentiallyTrustworthy({ protocol, hostname }: URL): boolean {
  const isLoopback = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || isLoopback;
}
