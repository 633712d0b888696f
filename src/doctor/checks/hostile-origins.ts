/** Whether origins that only look like a trusted one are refused (ASVS 3.4.2). */
import { siteOfHost } from '../../config/site.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, type Findings } from '../finding.js';
import { trustIn } from './cross-origin.js';

export async function* examineHostileOrigins(examination: Examination): Findings {
  const { authUrl, origins, ask } = examination;
  const genuine = new Set([authUrl, ...origins]);
  const hostile = new Map(
    [...genuine].flatMap((origin) => lookalikes(origin)).filter(([look]) => !genuine.has(look)),
  ).set('null', 'the origin "null", which any sandboxed page has');
  const accepted: string[] = [];
  const inDoubt: string[] = [];
  for (const [origin, trick] of hostile) {
    const { headers } = await ask(`${authUrl}/api/auth/get-session`, { headers: { origin } });
    const allowed = headers['access-control-allow-origin'];
    const isReadable = allowed === origin && headers['access-control-allow-credentials'] === 'true';
    // BetterAuth itself tells a page of our own that hides its origin apart.
    const trust = origin === 'null' ? 'refused' : await trustIn(origin, examination);
    if (!isReadable && trust !== 'trusted') {
      // 403 in anybody's words is a refusal; a limit or an outage is none.
      if (trust !== 'refused' && trust.status !== 403) inDoubt.push(`${origin} (${trust.status})`);
      continue;
    }
    accepted.push(origin);
    yield fail('HOSTILE_ORIGIN_ALLOWED', {
      seen: `${origin} is allowed (${trick})`,
      why: 'A page there can read the session of whoever visits it, and act in their name.',
      fix: isReadable
        ? 'take CORS out of the proxy in front, and that origin out of BETTER_AUTH_TRUSTED_ORIGINS if it stands there'
        : 'take it out of BETTER_AUTH_TRUSTED_ORIGINS',
    });
  }
  if (inDoubt.length > 0) {
    yield unknown('HOSTILE_ORIGINS_NOT_EXAMINED', {
      seen: `sign-out does not tell whether it is refused to ${inDoubt.join(', ')}`,
      fix: "mend what stands above, then ask again; the service's log names the cause",
    });
  } else if (accepted.length === 0) {
    yield ok(
      'HOSTILE_ORIGINS_REFUSED',
      `${hostile.size} origins that only look trusted are refused`,
    );
  }
}

/** Origins of other people, or of other programs on the same host, with what makes them look right. */
function lookalikes(origin: string): [string, string][] {
  const { protocol, hostname, host } = new URL(origin);
  const other = protocol === 'https:' ? 'http:' : 'https:';
  const isName = siteOfHost(hostname) !== hostname || hostname.includes('.');
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return [
    [`${protocol}//${hostname}:61234`, `another port of ${host}`],
    [`${other}//${host}`, `another scheme of ${host}`],
    [origin.toUpperCase(), 'in capitals, as no browser writes it'],
    ...(isAddress
      ? []
      : ([
          [`${protocol}//${hostname}.evil.test`, `${hostname} as a prefix`],
          [`${protocol}//evil${host}`, `${host} as a suffix`],
        ] satisfies [string, string][])),
    ...(isName && !isAddress
      ? ([[`${protocol}//${hostname}.`, 'with a dot at the end']] satisfies [string, string][])
      : []),
  ];
}
