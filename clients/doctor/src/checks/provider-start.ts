/** Starts a sign-in with a provider as a page does, and reads where the service sends the browser. */
import { randomBytes } from 'node:crypto';
import type { DoctorContext } from '../doctor-context.js';
import { fail, unknown, type Finding } from '../finding.js';
import type { HttpResponse } from '../http-client.js';
import { isLoopbackHost, redirectReasons, type RedirectReasonName } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { errorCodeOf } from './unexpected-response.js';

export interface Provider {
  readonly id: string;
  /** Safe to print. */
  readonly label: string;
  readonly kind: string;
}

export type StartResult =
  | { readonly authorizationUrl: URL }
  /** The service's own reason why the sign-in did not start; possibly one that this version does not know. */
  | { readonly reason: string }
  | { readonly unexpected: HttpResponse };

/** @param returnTo the page that would finish the sign-in */
export async function startRedirect(
  { authUrl, request }: Pick<DoctorContext, 'authUrl' | 'request'>,
  { id }: Pick<Provider, 'id'>,
  returnTo: string,
): Promise<StartResult> {
  const url = new URL('/api/auth/redirect/start', authUrl);
  url.search = new URLSearchParams({
    provider: id,
    return_to: returnTo,
    code_challenge: randomBytes(32).toString('base64url'), // no code is redeemed, so there is no verifier
  }).toString();
  const response = await request(url.href, { headers: { accept: 'text/html' } });
  const { status, headers, text } = response;
  const { location = '' } = headers;
  if (status === 302 && URL.canParse(location)) {
    if (!location.startsWith(`${returnTo}#`)) return { authorizationUrl: new URL(location) };
    const reason = new URLSearchParams(new URL(location).hash.slice(1)).get('auth_error');
    return reason === null ? { unexpected: response } : { reason };
  }
  // Without a valid return page, the service names the reason on a page of its own.
  const reason = /Reason: <code>([a-z_]{1,64})<\/code>/.exec(text)?.[1];
  return reason === undefined ? { unexpected: response } : { reason };
}

/** Explains a start that leads to no provider. */
export function failedStart(
  { label }: Provider,
  result: Exclude<StartResult, { authorizationUrl: URL }>,
): Finding {
  if ('unexpected' in result) {
    const { unexpected } = result;
    return unknown('SOCIAL_START_NOT_CHECKED', {
      message: `${label}: /api/auth/redirect/start responded ${unexpected.status} (${errorCodeOf(unexpected)}), which does not lead to a provider`,
      fix: "fix the findings above or wait a minute, and rerun; the service's log names the cause",
    });
  }
  const { reason } = result;
  const known = isRedirectReason(reason) ? redirectReasons[reason] : undefined;
  return fail('SOCIAL_START_FAILED', {
    message: `${label}: the sign-in fails at its start: ${sanitizeForTerminal(reason)}`,
    impact: `Meaning: ${known?.meaning ?? 'unknown to this version'}.`,
    fix: known?.fix ?? "use this command in the deployment's version",
  });
}

function isRedirectReason(text: string): text is RedirectReasonName {
  return Object.hasOwn(redirectReasons, text);
}

/**
 * Why the authorization URL must not be opened: the service could be made to send this command anywhere, and a browser
 * would send the visitor there.
 */
export function authorizationUrlFault(
  { label }: Provider,
  { protocol, hostname, origin }: URL,
  authUrl: string,
): Finding | undefined {
  const isLocal = isLoopbackHost(hostname);
  const shown = sanitizeForTerminal(origin);
  if (isLocal && !isLoopbackHost(new URL(authUrl).hostname)) {
    return fail('PROVIDER_ON_LOOPBACK', {
      message: `${label}: the service sends visitors to ${shown}`,
      impact: "That is the visitor's own machine, where no provider runs.",
      fix: 'set its issuer to a URL that browsers can reach; unset OIDC_DEV_* where it is the provider of `npm run dev`',
    });
  }
  if (protocol === 'https:' || (protocol === 'http:' && isLocal)) return undefined;
  return fail('PROVIDER_INSECURE', {
    message: `${label}: the service sends visitors to ${shown}, without https`,
    impact: 'Anyone in the network can read the sign-in, and change it.',
    fix: 'serve the provider over https, and correct its issuer',
  });
}
