/** Tells an answer of this service from what a redirect, a platform's login page or another program says instead. */
import { fail, type Finding } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { Answer } from '../http-client.js';

/** What is wrong with an answer before its content counts; undefined where the service itself seems to answer. */
export function foreignAnswer(url: string, answer: Answer): Finding | undefined {
  const location = answer.headers.location ?? '';
  if (isDeploymentProtection(answer)) {
    return fail('DEPLOYMENT_PROTECTION', {
      seen: `${url} is answered ${answer.status} by Vercel's deployment protection, not by the service`,
      why: 'Pages and APIs get a login page where they ask for a session, so nobody is ever signed in.',
      fix: 'Vercel: Settings → Deployment Protection → turn it off for this deployment, or examine the production domain',
    });
  }
  if (answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
    return fail('REDIRECT', {
      seen: `${url} redirects (${answer.status}) to ${quoted(location) || 'nowhere'}`,
      why: 'A redirect loses the Cookie header of servers and fails the preflight of pages.',
      fix: `${nextUrl(url, location)} Set it as BETTER_AUTH_URL and wherever the service is called.`,
    });
  }
  if (answer.json !== undefined || answer.text.trim() === 'null') return undefined;
  const kind = answer.headers['content-type']?.split(';')[0] ?? 'no content type';
  return fail('FOREIGN_ANSWER', {
    seen: `${url} is answered ${answer.status} with ${quoted(kind)}, which this service never sends`,
    why: 'Something else answers under this name, so no page and no API ever reaches the service.',
    fix: "check --auth-url, the domain's project at the host, and the routes of the proxy in front",
  });
}

/** Vercel sends a browser to its login, and everybody else 401 with the nonce of one. */
function isDeploymentProtection({ headers, setCookies, text, status }: Answer): boolean {
  if (/^https:\/\/vercel\.com\/(?:sso|login)/.test(headers.location ?? '')) return true;
  if (setCookies.some((line) => line.startsWith('_vercel_sso_nonce='))) return true;
  const isPage = headers['content-type']?.startsWith('text/html') === true;
  return status === 401 && isPage && /vercel\.com\/sso|Vercel Authentication/i.test(text);
}

function nextUrl(from: string, location: string): string {
  if (!URL.canParse(location, from)) return 'Find out who redirects, and call the URL behind it.';
  const target = new URL(location, from);
  const { origin } = target;
  if (origin === new URL(from).origin)
    return 'Take the redirect away: the path must answer itself.';
  return `Call ${origin} itself.`;
}

/** The code that an error answer tells. */
export function codeOf({ json }: Answer): string {
  return typeof json?.code === 'string' ? quoted(json.code) : 'no code';
}
