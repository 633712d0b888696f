/**
 * Whether browsers let the site use passkeys: each origin is on the domain of RP_ID, or listed at that domain's
 * `/.well-known/webauthn` (WebAuthn level 3, section 5.11). Only from outside is it known what that domain serves.
 */
import { z } from 'zod';
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, warn, type Finding, type FindingStream } from '../finding.js';
import { NoResponseError, type HttpResponse } from '../http-client.js';
import { isLoopbackHost } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

const featuresSchema = z.object({ features: z.object({ passkeys: z.literal(true) }) });
const optionsSchema = z.object({ rpId: z.string().regex(/^[a-z0-9.-]{1,253}$/) });
const listSchema = z.object({ origins: z.array(z.string()).max(1_000) });

/** As browsers, which follow redirects here. */
const maximumRedirects = 5;

type Context = Pick<DoctorContext, 'authUrl' | 'origins' | 'request'>;

export async function* checkPasskeys(context: Context): FindingStream {
  const { authUrl, origins, request } = context;
  const { json } = await request(`${authUrl}/api/auth/features`);
  if (!featuresSchema.safeParse(json).success) return; // off, or a version without them
  const headers = origins[0] === undefined ? {} : { origin: origins[0] };
  const options = await request(`${authUrl}/api/auth/passkey/generate-authenticate-options`, {
    headers,
  });
  const parsed = optionsSchema.safeParse(options.json);
  if (!parsed.success) {
    yield unknown('PASSKEYS_NOT_READ', {
      message: `the options for a sign-in with a passkey could not be read (${options.status})`,
      fix: 'rerun once the other findings are fixed',
    });
    return;
  }
  const { rpId } = parsed.data;
  const related: string[] = [];
  for (const origin of origins) {
    const insecure = insecureOrigin(origin);
    if (insecure !== undefined) yield insecure;
    else if (isBelow(origin, rpId)) {
      yield ok('PASSKEYS', `browsers accept passkeys of ${rpId} on ${origin}`);
    } else related.push(origin);
  }
  if (related.length > 0) yield* checkRelatedOrigins(context, rpId, related);
}

function insecureOrigin(origin: string): Finding | undefined {
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return undefined;
  return fail('PASSKEY_ORIGIN_INSECURE', {
    message: `${origin} is served over http`,
    impact: 'Browsers offer passkeys over https only.',
    fix: 'serve the site over https',
  });
}

function isBelow(origin: string, domain: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

async function* checkRelatedOrigins(
  { authUrl, request }: Context,
  rpId: string,
  related: readonly string[],
): FindingStream {
  const url = `https://${rpId}/.well-known/webauthn`;
  const impact = `Browsers refuse passkeys of ${rpId} on ${related.join(' and ')}.`;
  const serveIt = `serve at ${url}, as application/json, what ${authUrl}/.well-known/webauthn has, or set RP_ID to the host of BETTER_AUTH_URL before the first passkey exists`;
  if (isLoopbackHost(rpId)) {
    yield fail('PASSKEY_ORIGIN_UNUSABLE', {
      message: `RP_ID is ${rpId}`,
      impact,
      fix: 'set RP_ID to the domain of the site',
    });
    return;
  }
  let response: HttpResponse;
  try {
    response = await follow(request, url);
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    const message = `${url} did not respond (${error.code})`;
    yield fail('RELATED_ORIGINS_UNREACHABLE', { message, impact, fix: serveIt });
    return;
  }
  const type = (response.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  const list = listSchema.safeParse(response.json);
  if (response.status !== 200 || type !== 'application/json' || !list.success) {
    const message = `${url} is no list of origins: status ${response.status}, ${sanitizeForTerminal(type) || 'no content type'}`;
    yield fail('RELATED_ORIGINS_INVALID', { message, impact, fix: serveIt });
    return;
  }
  for (const origin of related) {
    if (list.data.origins.some((listed) => originOf(listed) === origin)) {
      yield warn('PASSKEYS_IN_SOME_BROWSERS', {
        message: `${url} lists ${origin}`,
        impact: 'Passkeys work there in browsers that know related origins: Chrome, Edge, Safari.',
        fix: 'nothing, if other ways to sign in exist; otherwise serve the site below the domain of RP_ID',
      });
    } else {
      yield fail('RELATED_ORIGIN_NOT_LISTED', {
        message: `${url} does not list ${origin}`,
        impact: `Browsers refuse passkeys of ${rpId} on ${origin}.`,
        fix: `add it to BETTER_AUTH_TRUSTED_ORIGINS, and ${serveIt}`,
      });
    }
  }
}

async function follow(request: Context['request'], url: string): Promise<HttpResponse> {
  let current = url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await request(current, { headers: { accept: 'application/json' } });
    const { location } = response.headers;
    const isRedirect = response.status >= 300 && response.status < 400 && location !== undefined;
    if (!isRedirect || redirects === maximumRedirects || !URL.canParse(location, current))
      return response;
    const next = new URL(location, current);
    if (next.protocol !== 'https:') return response;
    current = next.href;
  }
}

/** @returns undefined for text that is no URL */
function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
