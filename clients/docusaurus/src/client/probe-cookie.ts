/** After sign-in: does this browser send the cookie back? Asked with the cookie alone, never with a bearer token. */
import type { AuthOptions } from '../options.js';
import type { Place } from './fault.js';

export type CookieProbe =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused' }
  /** The cookie arrives, and the service does not accept it: a fault of its set-up. */
  | { readonly outcome: 'not-accepted'; readonly reason: string }
  /** Nobody could tell: the service did not answer. */
  | { readonly outcome: 'unknown' };

export async function probeCookie(
  fetch: typeof globalThis.fetch,
  authUrl: string,
): Promise<CookieProbe> {
  try {
    const answer = await fetch(`${authUrl}/api/auth/get-session?disableRefresh=true`, {
      credentials: 'include',
      cache: 'no-store',
    });
    if (!answer.ok) return { outcome: 'unknown' };
    const body: unknown = await answer.json();
    if (body !== null) return { outcome: 'sent' };
    const reason = answer.headers.get('x-session-reason') ?? 'no_credential';
    return reason === 'no_credential'
      ? { outcome: 'refused' }
      : { outcome: 'not-accepted', reason };
  } catch {
    return { outcome: 'unknown' };
  }
}

/** What to do where the cookie does not work: for the visitor first, for the operator after it. */
export function cookieSentence(
  probe: Extract<CookieProbe, { outcome: 'refused' | 'not-accepted' }>,
  { authUrl, pageOrigin }: Place,
): string {
  const host = new URL(authUrl).host;
  if (probe.outcome === 'not-accepted') {
    return (
      `You signed in, but the auth service does not accept the cookie that it set (${probe.reason}). ` +
      'Its operator finds the cause under this word in its log.'
    );
  }
  return (
    `You signed in, but this browser does not send the cookie of ${host} back from ${new URL(pageOrigin).host}. ` +
    `Allow third-party cookies for ${host} in the browser’s settings, leave the private window, or use another ` +
    'browser. (For the operator: put both under one domain, or set BEARER_TOKENS=on at the auth service.)'
  );
}

/** Told once in the console when a bearer token stands in for the cookie. */
export function bearerSentence({ authUrl, bearerToken }: AuthOptions): string {
  const end = bearerToken === 'memory' ? 'this page is reloaded or closed' : 'this tab is closed';
  return (
    `This browser does not send the cookie of ${new URL(authUrl).host} back, so a bearer token takes its place ` +
    `until ${end}.`
  );
}
