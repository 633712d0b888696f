/**
 * After a sign-in, checks without a cookie: of the same browser and network they are probably this user's, of a server they
 * may be. A check without a cookie names nobody, so both are worded as probable.
 */
import { clock } from './clock.js';
import { diagnosis } from './diagnosis.js';
import { createsSession, timeOf, type EventRow, type Facts } from './facts.js';
import { lostCheckDays } from './lost-checks.js';
import { callerOf } from './probable-events.js';
import type { ExplainSettings } from './settings.js';
import type { Diagnosis } from './story.js';

/** What decides whether browsers store and send the cookie; some names of deployments.ts are no variables. */
export const cookieVariables = [
  'COOKIE_DOMAIN',
  'BETTER_AUTH_URL',
  'BETTER_AUTH_TRUSTED_ORIGINS',
  'cookie SameSite',
  'cookie Partitioned',
  'cookie name',
];

/** Pages check the session at once after a sign-in. */
const windowMs = 10 * 60_000;

/** @returns undefined if no cookie was lost after the latest sign-in */
export function diagnoseLostCookie(facts: Facts, settings: ExplainSettings): Diagnosis | undefined {
  const signIn = facts.events.find(createsSession);
  if (signIn === undefined) return undefined;
  const since = timeOf(signIn);
  const ending = signIn.session === null ? undefined : facts.endings.get(signIn.session);
  const lost = facts.probable.filter(
    (event) => event.reason === 'no_credential' && isAfter(event, since, ending?.at),
  );
  const ofBrowser = lost.filter(
    (event) =>
      callerOf(event) !== 'server' &&
      event.device === signIn.device &&
      event.network === signIn.network,
  );
  const [first] = ofBrowser;
  if (first !== undefined) {
    const same = ofBrowser.filter((event) => isSameCaller(event, first));
    const isCrossSite = same.some(({ details }) => details?.fetchSite === 'cross-site');
    return diagnosis(isCrossSite ? 'cookie_blocked' : 'cookie_not_sent', {
      details: [
        evidence(same, first),
        ofEverybody(facts, first),
        sinceChange(facts, cookieVariables),
      ],
    });
  }
  const ofServer = lost.filter((event) => callerOf(event) === 'server');
  const [check] = ofServer;
  // A cookie with a domain reaches the API: a server then asks for visitors who are not signed in.
  const mayMiss =
    settings.cookieDomain === null || sinceChange(facts, ['COOKIE_DOMAIN']) !== undefined;
  if (check === undefined || !mayMiss) return undefined;
  return diagnosis('api_gets_no_cookie', {
    details: [
      evidence(
        ofServer.filter((event) => isSameCaller(event, check)),
        check,
      ),
      ofEverybody(facts, check),
      sinceChange(facts, cookieVariables),
    ],
  });
}

/** An event with a count may begin before the sign-in: visitors who are not signed in have no cookie. */
function isAfter(event: EventRow, since: Date, endedAt: Date | undefined): boolean {
  const last = timeOf(event);
  const first = event.firstAt ?? event.at;
  if (last <= since || first.getTime() > since.getTime() + windowMs) return false;
  return endedAt === undefined || last < endedAt;
}

function evidence(events: readonly EventRow[], event: EventRow): string {
  const count = events.reduce((sum, one) => sum + one.count, 0);
  return `${count} ${count === 1 ? 'check' : 'checks'} without a cookie${whereOf(event)}`;
}

function whereOf(event: EventRow): string {
  const { site, network } = event;
  if (callerOf(event) === 'server') return network === null ? '' : ` from a server in ${network}`;
  return site === null ? '' : ` on ${site}`;
}

/** Whether both are of one page, or of the servers of one network. */
function isSameCaller(one: EventRow, other: EventRow): boolean {
  const caller = callerOf(one);
  if (caller !== callerOf(other) || one.site !== other.site) return false;
  return caller !== 'server' || one.network === other.network;
}

/** All checks without a cookie from there: if there are many, the user is not the only one. */
function ofEverybody({ lostChecks }: Facts, event: EventRow): string | undefined {
  const caller = callerOf(event);
  const network = caller === 'server' ? event.network : null;
  const all = lostChecks.find(
    (one) => one.caller === caller && one.site === event.site && one.network === network,
  );
  if (all === undefined) return undefined;
  const checks = all.count === 1 ? 'check' : 'checks';
  return `${all.count} such ${checks} by all visitors, in the last ${lostCheckDays} days`;
}

/** The latest change of one of the variables, in words. */
export function sinceChange(
  { changes }: Pick<Facts, 'changes'>,
  variables: readonly string[],
): string | undefined {
  for (const { at, variables: changed } of changes) {
    const names = changed.filter((name) => variables.includes(name));
    if (names.length > 0) {
      return `${names.join(' and ')} changed at ${at.toISOString().slice(0, 10)} ${clock(at)}`;
    }
  }
  return undefined;
}
