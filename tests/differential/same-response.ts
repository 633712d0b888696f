/** Compares the responses of this service and BetterAuth to the same bytes; each difference is one sentence. */
import { isDeepStrictEqual } from 'node:util';
import { isSignedIn, reasonTable, type Reason } from '../../src/session/reasons.js';
import { valuesOf, type Asked, type Exchange } from './exchange.js';

export interface Answers {
  /** Of our `/session`. */
  readonly session: Exchange;
  /** Of our `/api/auth/get-session`. */
  readonly getSession: Exchange;
  readonly betterAuth: Exchange;
}

interface Identity {
  readonly session: { readonly id: string; readonly userId: string };
  readonly user: { readonly id: string };
}

/** How Node frames a response (chunked or not, persistent connection or not), which is not part of the comparison. */
const framing = new Set([
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
]);

/** Headers that this service adds to its own responses; CORS headers come only from cross-origin.ts. */
const added =
  /^(?:x-request-id|x-session-reason|x-content-type-options|content-security-policy|referrer-policy|strict-transport-security|vary|access-control-.*)$/;

/** @returns the differences; empty if there are none */
export function differences({ method, path }: Asked, answers: Answers): string[] {
  const { session, getSession, betterAuth } = answers;
  const wrong: string[] = [];
  const check = (isRight: boolean, otherwise: string) => isRight || wrong.push(otherwise);

  if (betterAuth.status === 431) {
    check(session.status === 431, '/session accepts headers that are too large for BetterAuth');
    check(
      getSession.status === 431,
      'get-session accepts headers that are too large for BetterAuth',
    );
    return wrong;
  }
  check(session.status < 500, `/session answers ${session.status}`);
  check(getSession.status < 500, `get-session answers ${getSession.status}`);
  const [reason = ''] = valuesOf(session, 'x-session-reason');
  check(reason in reasonTable, '/session has no x-session-reason');
  const signedIn = isSignedIn(reason as Reason);
  check(
    session.status === (signedIn ? 200 : 401),
    `/session answers ${session.status} to ${reason}`,
  );

  if (method === 'HEAD') {
    // Both refuse HEAD on get-session: BetterAuth as an unknown route, this service as an unknown method.
    check(betterAuth.status === 404, `BetterAuth answers ${betterAuth.status} to HEAD`);
    check(getSession.status === 405, `get-session answers ${getSession.status} to HEAD`);
    return wrong;
  }
  if (/\/\.\.?\//.test(path)) {
    // Clients resolve these before they send; BetterAuth does so too, this service does not.
    check(
      getSession.status === 404,
      `get-session answers ${getSession.status} to dots in the path`,
    );
    return wrong;
  }
  if (betterAuth.status >= 500) {
    // PostgreSQL refuses this correctly signed token: BetterAuth fails, this service does not.
    check(getSession.status === 400, `get-session answers ${getSession.status}, BetterAuth fails`);
    check(!signedIn, 'signed in here, and BetterAuth fails');
    return wrong;
  }
  check(getSession.status === betterAuth.status, 'another status than BetterAuth');
  if (betterAuth.status >= 400) return wrong; // an error's body has this service's own shape

  const theirs = JSON.parse(betterAuth.body) as Identity | null;
  check(signedIn === (theirs !== null), `${reason} here, ${theirs ? 'a' : 'no'} session there`);
  const [sameReason] = valuesOf(getSession, 'x-session-reason');
  check(sameReason === reason, `${reason} on /session, ${sameReason ?? 'none'} on get-session`);
  if (session.status === 200 && theirs !== null) {
    const ours = JSON.parse(session.body) as Identity;
    check(ours.session.id === theirs.session.id, 'another session than BetterAuth');
    check(isDeepStrictEqual(ours.user, theirs.user), 'another user than BetterAuth');
  }
  check(getSession.body === betterAuth.body, 'another body than BetterAuth');
  const [expected, found] = [headersOf(betterAuth), headersOf(getSession)];
  check(
    isDeepStrictEqual(found, expected),
    `other headers than BetterAuth: ${JSON.stringify({ expected, found })}`,
  );
  return wrong;
}

/** The header lines to compare, sorted by name; lines with the same name keep their order. */
function headersOf(exchange: Exchange): string[] {
  const lines = exchange.headers.filter(([name]) => !framing.has(name) && !added.test(name));
  const names = [...new Set(lines.map(([name]) => name))].sort();
  return names.flatMap((name) =>
    valuesOf(exchange, name).map((value) => `${name}: ${comparable(name, value)}`),
  );
}

/** This service sends the charset (ASVS 4.1.1), BetterAuth does not. */
function comparable(name: string, value: string): string {
  return name === 'content-type'
    ? value.replace(/^application\/json; charset=utf-8$/, 'application/json')
    : value;
}
