/** Detects responses that did not come from this service: redirects, a platform's login page, another program. */
import { fail, type Finding } from '../finding.js';
import type { HttpResponse } from '../http-client.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

/** @returns why the response cannot be the service's own; undefined where it can */
export function unexpectedResponse(url: string, response: HttpResponse): Finding | undefined {
  const { status, headers, json, text } = response;
  const location = headers.location ?? '';
  if (isDeploymentProtection(response)) {
    return fail('DEPLOYMENT_PROTECTION', {
      message: `${url} responded ${status} from Vercel's deployment protection, not from the service`,
      impact: 'Pages and APIs get a login page instead of a session, so every user is signed out.',
      fix: 'Vercel: Settings → Deployment Protection → turn it off for this deployment, or check the production domain',
    });
  }
  if (status >= 300 && status < 400 && status !== 304) {
    return fail('REDIRECT', {
      message: `${url} redirects (${status}) to ${sanitizeForTerminal(location) || 'an empty Location'}`,
      impact: "A redirect drops the Cookie header of servers and fails a page's preflight request.",
      fix: redirectFix(url, location),
    });
  }
  if (json !== undefined || text.trim() === 'null') return undefined;
  const type = headers['content-type']?.split(';')[0] ?? 'no content type';
  return notThisService(
    `${url} responded ${status} with ${sanitizeForTerminal(type)}, which this service never sends`,
  );
}

/** Another program answers under the service's URL. */
export function notThisService(message: string): Finding {
  return fail('UNEXPECTED_RESPONSE', {
    message,
    impact: 'Another program answers at this URL, so no page and no API reaches the service.',
    fix: "check --auth-url, the domain's project at the host, and the routes of the reverse proxy",
  });
}

/** Vercel redirects browsers to its login page and responds 401 with a login nonce to other clients. */
function isDeploymentProtection({ headers, setCookies, text, status }: HttpResponse): boolean {
  if (/^https:\/\/vercel\.com\/(?:sso|login)/.test(headers.location ?? '')) return true;
  if (setCookies.some((line) => line.startsWith('_vercel_sso_nonce='))) return true;
  const isPage = headers['content-type']?.startsWith('text/html') === true;
  return status === 401 && isPage && /vercel\.com\/sso|Vercel Authentication/i.test(text);
}

function redirectFix(from: string, location: string): string {
  if (!URL.canParse(location, from)) return 'find out which proxy or host redirects, and remove it';
  const { origin } = new URL(location, from);
  if (origin === new URL(from).origin) return 'remove the redirect: the path itself must respond';
  return `use ${origin} as BETTER_AUTH_URL and in every caller`;
}

/** The `code` field of an error response. */
export function errorCodeOf({ json }: HttpResponse): string {
  return typeof json?.code === 'string' ? sanitizeForTerminal(json.code) : 'no code';
}
