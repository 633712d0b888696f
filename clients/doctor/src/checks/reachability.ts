/** Whether the service itself responds: DNS, connection, certificate, redirects, health, readiness and clock. */
import type { DoctorContext } from '../doctor-context.js';
import {
  fail,
  ok,
  unknown,
  warn,
  type Finding,
  type FindingDetails,
  type FindingStream,
} from '../finding.js';
import { NoResponseError, type HttpResponse } from '../http-client.js';
import { isLoopbackHost } from '../service.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { connectionFailure } from './connection-failures.js';
import { notThisService, unexpectedResponse } from './unexpected-response.js';

/** @returns whether the other checks can run */
export async function* checkReachability({
  authUrl,
  request,
}: DoctorContext): FindingStream<boolean> {
  const url = `${authUrl}/health`;
  let health: HttpResponse;
  try {
    health = await request(url);
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    yield connectionFailure(error);
    return false;
  }
  yield* checkScheme(authUrl);
  const unexpected = unexpectedResponse(url, health) ?? unexpectedHealth(url, health);
  if (unexpected !== undefined) {
    yield unexpected;
    return false;
  }
  yield ok('HEALTH', `${url} responds 200`);
  yield checkClock(health);
  const ready = await request(`${authUrl}/ready`);
  yield unexpectedResponse(`${authUrl}/ready`, ready) ?? checkReadiness(ready);
  for (const path of ['/session', '/api/auth/get-session']) {
    const fault = unexpectedResponse(authUrl + path, await request(authUrl + path));
    if (fault !== undefined) yield fault;
  }
  return ready.json?.code !== 'CONFIGURATION_INVALID';
}

function* checkScheme(authUrl: string): Generator<Finding> {
  const { protocol, hostname } = new URL(authUrl);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return;
  yield fail('NOT_HTTPS', {
    message: `${authUrl} uses http`,
    impact: 'Anyone on the network path can read the cookies, and browsers drop cross-site ones.',
    fix: 'serve it over https and set BETTER_AUTH_URL to that URL',
  });
}

function unexpectedHealth(url: string, { status, json }: HttpResponse): Finding | undefined {
  if (status === 200 && json?.status === 'ok') return undefined;
  return notThisService(`${url} responded ${status} with JSON that is not this service's`);
}

/** The skew in seconds from which users notice early or late expiry, and from which it does harm. */
const noticeableSkew = 5;
const harmfulSkew = 60;

function checkClock({ headers, sentAt, receivedAt }: HttpResponse): Finding {
  const date = Date.parse(headers.date ?? '');
  if (Number.isNaN(date)) {
    return unknown('CLOCK_NOT_COMPARED', {
      message: 'the clocks could not be compared: the response has no Date header',
      fix: 'configure the reverse proxy to forward the Date header',
    });
  }
  // The header has whole seconds, and was written between request and response.
  const ahead = Math.max(0, date - receivedAt) / 1000;
  const behind = Math.max(0, sentAt - (date + 999)) / 1000;
  const seconds = Math.round(Math.max(ahead, behind));
  if (seconds < noticeableSkew) return ok('CLOCK', 'the clocks agree');
  const details = {
    message: `the service's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
    impact:
      'Sessions and tokens expire too early or too late, also at APIs that compare with their own clock.',
    fix: 'synchronize the wrong clock by NTP',
  };
  return seconds < harmfulSkew ? warn('CLOCK_SKEW', details) : fail('CLOCK_SKEW', details);
}

function checkReadiness({ status, json }: HttpResponse): Finding {
  if (status === 200 && json?.status === 'ready') {
    return ok('READY', 'the database, migrations and schema are ready');
  }
  if (json?.code === 'CONFIGURATION_INVALID') {
    return fail('CONFIGURATION_INVALID', {
      message: 'the service rejected its configuration',
      impact: 'It responds 503 to every request until all variables are valid.',
      fix: 'the "startup" line in its log names each invalid variable',
    });
  }
  const checks = Object.entries((json?.checks ?? {}) as Record<string, unknown>);
  const failed = checks.filter(([, state]) => state !== 'ok');
  // Only `unavailable` means that the database is down; "read-only" and "unknown" do not.
  const [first = ''] = failed.map(([name, state]) =>
    name === 'database' && (state === 'read-only' || state === 'unknown')
      ? `${name} ${state}`
      : name,
  );
  // The names come from the response, and may be "constructor".
  const known = Object.hasOwn(notReady, first) ? notReady[first] : undefined;
  if (known !== undefined) return fail(known.code, known.details);
  // Other values are not serialized: they may be nested too deeply for JSON.stringify.
  const states = failed
    .map(([name, state]) =>
      typeof state === 'string' ? `${name} "${state}"` : `${name} with an invalid state`,
    )
    .join(', ');
  return fail('NOT_READY', {
    message: `/ready responds ${status}${states === '' ? '' : `: ${sanitizeForTerminal(states)}`}`,
    impact: 'The service cannot do its work, and load balancers take it out of rotation.',
    fix: 'its log names the cause, at the time of this request',
  });
}

const notReady: Readonly<Record<string, { code: string; details: FindingDetails }>> = {
  database: {
    code: 'DATABASE_UNAVAILABLE',
    details: {
      message: '/ready reports that the database is unavailable',
      impact: 'No user can sign in, and no session can be checked.',
      fix: 'check DATABASE_URL and that the database is running; the log names the error',
    },
  },
  'database read-only': {
    code: 'DATABASE_READ_ONLY',
    details: {
      message: '/ready reports that the database is read-only',
      impact: 'No user can sign in, up or out.',
      fix: 'set DATABASE_URL to the primary; at Neon to the read-write endpoint',
    },
  },
  migrations: {
    code: 'MIGRATIONS_PENDING',
    details: {
      message: '/ready reports pending migrations',
      impact: 'The database lacks what this version needs, so sign-ups or session checks fail.',
      fix: 'run `npm run db:migrate` with DATABASE_URL_UNPOOLED',
    },
  },
  schema: {
    code: 'SCHEMA_INCOMPLETE',
    details: {
      message: '/ready reports that the live database differs from the schema',
      impact: 'Requests that need the missing parts fail, although all migrations are recorded.',
      // The role may only lack a privilege, so the fix must not suggest to recreate anything.
      fix: 'its startup report lists the SQL that fixes each difference: see the "startup" line in its log, or run this command with DIAGNOSTICS_TOKEN',
    },
  },
};
