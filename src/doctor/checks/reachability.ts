/** Whether the service itself answers: name, connection, certificate, redirects, health, readiness, clock. */
import { isLoopbackHost } from '../../config/site.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, warn, type Finding, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';
import { NoAnswerError, type Answer } from '../http-client.js';
import { foreignAnswer } from './answers.js';
import { noAnswer } from './no-answer.js';

/** @returns whether there is a service to examine further */
export async function* examineReachability({ authUrl, ask }: Examination): Findings<boolean> {
  const url = `${authUrl}/health`;
  let health: Answer;
  try {
    health = await ask(url);
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield noAnswer(error);
    return false;
  }
  yield* schemeOf(authUrl);
  const foreign = foreignAnswer(url, health) ?? notHealthy(url, health);
  if (foreign !== undefined) {
    yield foreign;
    return false;
  }
  yield ok('HEALTH', `${url} answers 200`);
  yield clock(health);
  const ready = await ask(`${authUrl}/ready`);
  yield foreignAnswer(`${authUrl}/ready`, ready) ?? readiness(ready);
  for (const path of ['/session', '/api/auth/get-session']) {
    const wrong = foreignAnswer(authUrl + path, await ask(authUrl + path));
    if (wrong !== undefined) yield wrong;
  }
  return ready.json?.code !== 'CONFIGURATION_INVALID';
}

function* schemeOf(authUrl: string): Generator<Finding> {
  const { protocol, hostname } = new URL(authUrl);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return;
  yield fail('NOT_HTTPS', {
    seen: `${authUrl} is http`,
    why: 'Anyone on the way reads the cookies, and browsers keep none for a page on another site.',
    fix: 'serve it by https and set BETTER_AUTH_URL to that URL',
  });
}

function notHealthy(url: string, { status, json }: Answer): Finding | undefined {
  if (status === 200 && json?.status === 'ok') return undefined;
  return fail('FOREIGN_ANSWER', {
    seen: `${url} answers ${status} with JSON that is not this service's`,
    why: 'Something else answers under this name, so no page and no API ever reaches the service.',
    fix: "check --auth-url, the domain's project at the host, and the routes of the proxy in front",
  });
}

/** Seconds from which ends of sessions and tokens are judged visibly wrong, and from which they are judged wrong. */
const visibleSkew = 5;
const harmfulSkew = 60;

function clock({ headers, askedAt, answeredAt }: Answer): Finding {
  const date = Date.parse(headers.date ?? '');
  if (Number.isNaN(date)) {
    return unknown('CLOCK_NOT_COMPARED', {
      seen: 'the answer names no time to compare clocks with',
      fix: 'let the proxy in front pass the Date header on',
    });
  }
  // The header names whole seconds, and was written between question and answer.
  const ahead = Math.max(0, date - answeredAt) / 1000;
  const behind = Math.max(0, askedAt - (date + 999)) / 1000;
  const seconds = Math.round(Math.max(ahead, behind));
  const seen = `the service's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`;
  if (seconds < visibleSkew) return ok('CLOCK', 'clocks agree');
  const complaint = {
    seen,
    why: 'Sessions and tokens end too early or too late by as much, for APIs that judge by their own clock too.',
    fix: 'set the wrong one of the two clocks by NTP',
  };
  return seconds < harmfulSkew ? warn('CLOCK_SKEW', complaint) : fail('CLOCK_SKEW', complaint);
}

function readiness({ status, json }: Answer): Finding {
  if (status === 200 && json?.status === 'ready') {
    return ok('READY', 'database, migrations and schema are ready');
  }
  if (json?.code === 'CONFIGURATION_INVALID') {
    return fail('CONFIGURATION_INVALID', {
      seen: 'the service refuses its configuration',
      why: 'It answers 503 to everything until every fault is mended.',
      fix: 'the line "startup" of its log names each variable at fault',
    });
  }
  const checks = Object.entries((json?.checks ?? {}) as Record<string, unknown>);
  const bad = checks.filter(([, state]) => state !== 'ok');
  // A database that answers, or of which the service could learn nothing, is none that cannot be asked.
  const [first = ''] = bad.map(([name, state]) =>
    name === 'database' && (state === 'read-only' || state === 'unknown')
      ? `${name} ${state}`
      : name,
  );
  // Whoever answers names the checks: "constructor" is none of ours.
  const known = Object.hasOwn(notReady, first) ? notReady[first] : undefined;
  if (known !== undefined) return fail(known.code, known);
  // Of what is no text only that: nested deep enough, it could not even be written down.
  const states = bad
    .map(
      ([name, state]) => `${name} ${typeof state === 'string' ? `"${state}"` : 'without a word'}`,
    )
    .join(', ');
  return fail('NOT_READY', {
    seen: `/ready answers ${status}${states === '' ? '' : `: ${quoted(states)}`}`,
    why: 'The service cannot do its work, and says so to load balancers.',
    fix: 'its log names the cause, at the time of this call',
  });
}

const notReady: Record<string, { code: string; seen: string; why: string; fix: string }> = {
  database: {
    code: 'DATABASE_UNAVAILABLE',
    seen: '/ready says that the database cannot be asked',
    why: 'Nobody can sign in, and nobody can be told who is signed in.',
    fix: 'check DATABASE_URL and that the database runs; the log names the error',
  },
  'database read-only': {
    code: 'DATABASE_READ_ONLY',
    seen: '/ready says that the database takes no writes',
    why: 'Nobody can sign in, up or out.',
    fix: 'set DATABASE_URL to the primary; at Neon to the read-write endpoint',
  },
  migrations: {
    code: 'MIGRATIONS_PENDING',
    seen: '/ready says that migrations are pending',
    why: 'What this build needs is not in the database, so sign-ups or session checks fail.',
    fix: 'run `npm run db:migrate` with DATABASE_URL_UNPOOLED',
  },
  schema: {
    code: 'SCHEMA_INCOMPLETE',
    seen: '/ready says that parts of the live database are not as the schema says',
    why: 'Requests that need them fail, although every migration is recorded as done.',
    // Perhaps the role only lacks a right: nothing is to be made anew.
    fix: 'its start-up report tells the SQL that mends each part: the line "startup" of its log, or this command with DIAGNOSTICS_TOKEN',
  },
};
