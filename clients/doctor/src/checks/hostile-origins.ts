/** Whether origins that merely resemble a trusted one are refused (ASVS 3.4.2). */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, type FindingStream } from '../finding.js';
import { siteOfHost } from '../service.js';
import { checkOriginTrust } from './cross-origin.js';

export async function* checkHostileOrigins(context: DoctorContext): FindingStream {
  const { authUrl, origins, request } = context;
  const genuine = new Set([authUrl, ...origins]);
  const hostile = new Map(
    [...genuine].flatMap((origin) => lookalikes(origin)).filter(([look]) => !genuine.has(look)),
  ).set('null', 'the origin "null", which every sandboxed page has');
  const accepted: string[] = [];
  const inconclusive: string[] = [];
  for (const [origin, trick] of hostile) {
    const { headers } = await request(`${authUrl}/api/auth/get-session`, { headers: { origin } });
    const allowed = headers['access-control-allow-origin'];
    const isReadable = allowed === origin && headers['access-control-allow-credentials'] === 'true';
    // A page of the service itself may have the origin "null"; BetterAuth checks that case separately.
    const trust = origin === 'null' ? 'refused' : await checkOriginTrust(origin, context);
    if (!isReadable && trust !== 'trusted') {
      // A 403 is a refusal whatever its body; a rate limit or an outage is not.
      if (trust !== 'refused' && trust.status !== 403)
        inconclusive.push(`${origin} (${trust.status})`);
      continue;
    }
    accepted.push(origin);
    yield fail('HOSTILE_ORIGIN_ALLOWED', {
      message: `${origin} is allowed (${trick})`,
      impact: "A page there can read its visitor's session and act on the visitor's behalf.",
      fix: isReadable
        ? 'remove CORS from the reverse proxy, and that origin from BETTER_AUTH_TRUSTED_ORIGINS if it is listed'
        : 'remove it from BETTER_AUTH_TRUSTED_ORIGINS',
    });
  }
  if (inconclusive.length > 0) {
    yield unknown('HOSTILE_ORIGINS_NOT_CHECKED', {
      message: `the response to sign-out does not show whether it is refused from ${inconclusive.join(', ')}`,
      fix: "fix the findings above and rerun; the service's log names the cause",
    });
  } else if (accepted.length === 0) {
    yield ok(
      'HOSTILE_ORIGINS_REFUSED',
      `${hostile.size} origins that resemble a trusted one are refused`,
    );
  }
}

/** Origins of other owners, or of other programs on the same host, each with its resemblance. */
function lookalikes(origin: string): [string, string][] {
  const { protocol, hostname, host } = new URL(origin);
  const other = protocol === 'https:' ? 'http:' : 'https:';
  const isName = siteOfHost(hostname) !== hostname || hostname.includes('.');
  const isAddress = /^[\d.]+$|^\[/.test(hostname);
  return [
    [`${protocol}//${hostname}:61234`, `another port of ${host}`],
    [`${other}//${host}`, `another scheme of ${host}`],
    [origin.toUpperCase(), 'in upper case, which no browser sends'],
    ...(isAddress
      ? []
      : ([
          [`${protocol}//${hostname}.evil.test`, `${hostname} as a prefix`],
          [`${protocol}//evil${host}`, `${host} as a suffix`],
        ] satisfies [string, string][])),
    ...(isName && !isAddress
      ? ([[`${protocol}//${hostname}.`, 'with a trailing dot']] satisfies [string, string][])
      : []),
  ];
}
