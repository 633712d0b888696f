/** Every check in order: a check comes before those that build on its result. */
import { checkApiCookieScope } from './checks/api-cookie-scope.js';
import { checkApiCors } from './checks/api-cors.js';
import { checkApi, checkApiAsUser, checkApiDuringOutage } from './checks/api.js';
import { checkBackendLimits } from './checks/backend-limits.js';
import { checkClientBuckets } from './checks/client-buckets.js';
import { compareDeployments } from './checks/compare-deployments.js';
import { connectionFailure } from './checks/connection-failures.js';
import { checkCrossOrigin } from './checks/cross-origin.js';
import { checkDeploymentReport } from './checks/deployment-report.js';
import { checkHostileOrigins } from './checks/hostile-origins.js';
import { checkMail } from './checks/mail.js';
import { checkPasskeys } from './checks/passkeys.js';
import { checkReachability } from './checks/reachability.js';
import { checkSession, checkSignOut, checkTokens } from './checks/session.js';
import { checkSignUp, removeProbeUser } from './checks/sign-up.js';
import { checkSocialSignIn } from './checks/social-sign-in.js';
import { checkTamperedCredentials } from './checks/tampered-credentials.js';
import type { DoctorContext } from './doctor-context.js';
import { unknown, type Finding, type FindingStream } from './finding.js';
import { NoResponseError } from './http-client.js';
import { createProbeUser } from './probe-user.js';
import type { SetCookie } from './set-cookie.js';

export interface SectionFinding extends Finding {
  readonly section: string;
}

type SectionFindingStream<Result = void> = AsyncGenerator<SectionFinding, Result, undefined>;

/** Yields each finding as soon as it is known. @throws the reason of an interruption */
export async function* runChecks(context: DoctorContext): SectionFindingStream {
  const isReachable = yield* section('Reachability', checkReachability(context));
  if (isReachable !== true) {
    const message = 'the remaining checks were skipped';
    const fix = 'fix the findings above and rerun';
    yield { section: 'Remaining checks', ...unknown('NOT_CHECKED', { message, fix }) };
    return;
  }
  const usable = yield* section('Cross-origin', checkCrossOrigin(context));
  yield* section('Hostile origins', checkHostileOrigins(context));
  const report =
    context.diagnosticsToken === undefined
      ? undefined
      : yield* section('Deployment report', checkDeploymentReport(context));
  yield* section('Mail', checkMail(context, usable?.[0], report));
  yield* section('Social sign-in', checkSocialSignIn(context));
  yield* section('Passkeys', checkPasskeys(context));
  yield* section('Other deployments', compareDeployments(context, report));
  const { apiUrl } = context;
  let requiresSignIn = false;
  if (apiUrl !== undefined) {
    requiresSignIn = (yield* section('API', checkApi(context, apiUrl))) === true;
    if (requiresSignIn) yield* section('API', checkApiCors(context, apiUrl));
  }
  if (context.probeUser) yield* checkAsUser(context, usable?.[0], requiresSignIn);
  if (!context.probeRateLimits) return;
  yield* section('Rate limits', checkClientBuckets(context, report !== undefined));
  yield* section('Rate limits', checkBackendLimits(context));
}

/**
 * The checks that need a signed-in user, which is deleted however they end.
 * @param origin from which the user signs up; undefined where none is trusted
 */
async function* checkAsUser(
  context: DoctorContext,
  origin: string | undefined,
  apiRequiresSignIn: boolean,
): SectionFindingStream {
  if (origin === undefined) {
    const message = 'no temporary user was signed up: none of the origins is trusted';
    const fix = 'add them to BETTER_AUTH_TRUSTED_ORIGINS and rerun';
    yield { section: 'Cookies', ...unknown('SIGN_UP_SKIPPED', { message, fix }) };
    return;
  }
  const user = createProbeUser(context, origin);
  try {
    const cookie = yield* section('Cookies', checkSignUp(context, user));
    if (cookie === undefined) return;
    const isSignedIn = yield* section('Session', checkSession(context, cookie));
    if (isSignedIn !== true) return;
    const jwt = yield* section('Session', checkTokens(context, cookie));
    const isBearerEnabled = yield* section(
      'Reasons',
      checkTamperedCredentials(context, user, cookie),
    );
    const acceptsTokens = jwt?.isEnabled === true || isBearerEnabled === true;
    const api = { acceptsTokens, requiresSignIn: apiRequiresSignIn, token: jwt?.token };
    yield* section('API', checkApiWithCookie(context, cookie, api));
    yield* section('Sign-out', checkSignOut(context, user, cookie));
  } finally {
    yield* section('Cleanup', removeProbeUser(user));
  }
}

interface ApiFacts {
  readonly acceptsTokens: boolean;
  readonly requiresSignIn: boolean;
  /** A JSON Web Token of the user. */
  readonly token: string | undefined;
}

async function* checkApiWithCookie(
  context: DoctorContext,
  cookie: SetCookie,
  { acceptsTokens, requiresSignIn, token }: ApiFacts,
): FindingStream {
  const { apiUrl, authUrl } = context;
  if (apiUrl === undefined) return;
  yield checkApiCookieScope(authUrl, apiUrl, cookie, acceptsTokens);
  if (!requiresSignIn) return;
  const isSignedIn = yield* checkApiAsUser(context, apiUrl, cookie, token);
  if (isSignedIn) yield* checkApiDuringOutage(context, apiUrl, cookie);
}

/** A check whose request gets no response ends with a finding, and the next check begins. */
async function* section<Result>(
  name: string,
  findings: FindingStream<Result>,
): SectionFindingStream<Result | undefined> {
  try {
    for (;;) {
      const { done, value } = await findings.next();
      if (done === true) return value;
      yield { section: name, ...value };
    }
  } catch (error) {
    if (!(error instanceof NoResponseError)) throw error;
    yield { section: name, ...connectionFailure(error) };
    return undefined;
  } finally {
    await findings.return(undefined as Result);
  }
}
