/** Every check in order: what a later one builds on comes first. */
import { cookieReach, examineApi, examineApiAsUser, examineApiInDoubt } from './checks/api.js';
import { examineApiCrossOrigin } from './checks/api-cross-origin.js';
import { compareDeployments } from './checks/compare.js';
import { examineCrossOrigin } from './checks/cross-origin.js';
import { examineHostileOrigins } from './checks/hostile-origins.js';
import { noAnswer } from './checks/no-answer.js';
import { examineOwnReport } from './checks/own-report.js';
import { examineRateLimits } from './checks/rate-limits.js';
import { examineReachability } from './checks/reachability.js';
import { examineSession, examineSignOut, examineTokens } from './checks/session.js';
import { examineSignUp, removeProbeUser } from './checks/sign-up.js';
import { examineSpoiled } from './checks/spoiled.js';
import type { Examination } from './examination.js';
import { unknown, type Finding, type Findings } from './finding.js';
import { NoAnswerError } from './http-client.js';
import { createProbeUser } from './probe-user.js';
import type { SetCookie } from './set-cookie.js';

export interface SectionFinding extends Finding {
  readonly section: string;
}

/** Yields each finding as soon as it is known. @throws what interrupted it */
export async function* examine(
  examination: Examination,
): AsyncGenerator<SectionFinding, void, undefined> {
  const isThere = yield* section('Reachability', examineReachability(examination));
  if (isThere !== true) {
    const fix = 'mend what stands above, then ask again';
    yield { section: 'The rest', ...unknown('NOT_EXAMINED', { seen: 'not examined', fix }) };
    return;
  }
  const usable = yield* section('Cross-origin', examineCrossOrigin(examination));
  yield* section('Hostile origins', examineHostileOrigins(examination));
  const own =
    examination.diagnosticsToken === undefined
      ? undefined
      : yield* section('Its own report', examineOwnReport(examination));
  yield* section('Other deployments', compareDeployments(examination, own));
  const { apiUrl } = examination;
  let asksWho = false;
  if (apiUrl !== undefined) {
    asksWho = (yield* section('API', examineApi(examination, apiUrl))) === true;
    if (asksWho) yield* section('API', examineApiCrossOrigin(examination, apiUrl));
  }
  if (examination.probeUser) yield* examineAsUser(examination, usable?.[0], asksWho);
  if (!examination.probeRateLimits) return;
  yield* section('Rate limits', examineRateLimits(examination, own !== undefined));
}

/** What takes a signed-in user. Whatever happens meanwhile, the user is deleted. @param asksWho whether the API does */
async function* examineAsUser(
  examination: Examination,
  origin: string | undefined,
  asksWho: boolean,
): AsyncGenerator<SectionFinding, void, undefined> {
  if (origin === undefined) {
    const seen = 'no throw-away user was signed up: none of the origins is trusted';
    const fix = 'add them to BETTER_AUTH_TRUSTED_ORIGINS, then ask again';
    yield { section: 'Cookies', ...unknown('NOBODY_SIGNED_UP', { seen, fix }) };
    return;
  }
  const user = createProbeUser(examination, origin);
  try {
    const cookie = yield* section('Cookies', examineSignUp(examination, user));
    if (cookie === undefined) return;
    const isSignedIn = yield* section('Session', examineSession(examination, cookie));
    if (isSignedIn !== true) return;
    const jwt = yield* section('Session', examineTokens(examination, cookie));
    const isBearerOn = yield* section('Reasons', examineSpoiled(examination, user, cookie));
    const takesTokens = jwt?.areOn === true || isBearerOn === true;
    const api = examineApiWithCookie(examination, cookie, { takesTokens, asksWho }, jwt?.token);
    yield* section('API', api);
    yield* section('Sign-out', examineSignOut(examination, user, cookie));
  } finally {
    yield* section('Clean-up', removeProbeUser(user));
  }
}

async function* examineApiWithCookie(
  examination: Examination,
  cookie: SetCookie,
  { takesTokens, asksWho }: { takesTokens: boolean; asksWho: boolean },
  token: string | undefined,
): Findings {
  const { apiUrl, authUrl } = examination;
  if (apiUrl === undefined) return;
  yield cookieReach(authUrl, apiUrl, cookie, takesTokens);
  if (!asksWho) return;
  const isSignedIn = yield* examineApiAsUser(examination, apiUrl, cookie, token);
  if (isSignedIn) yield* examineApiInDoubt(examination, apiUrl, cookie);
}

/** A check that gets no answer half-way is told, and the next one begins. */
async function* section<Learnt>(
  name: string,
  findings: Findings<Learnt>,
): AsyncGenerator<SectionFinding, Learnt | undefined, undefined> {
  try {
    for (;;) {
      const { done, value } = await findings.next();
      if (done === true) return value;
      yield { section: name, ...value };
    }
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    yield { section: name, ...noAnswer(error) };
    return undefined;
  } finally {
    await findings.return(undefined as Learnt);
  }
}
