/**
 * Decides, where every session is created, whether a second factor is due, whichever first factor was verified. Until it is
 * verified, the session is pending: its row exists, the browser has its cookie, and it signs in to nothing
 * (inspector.ts, pending-sessions.ts). A gate at each endpoint would have to know all of them.
 */
import type { GenericEndpointContext } from 'better-auth';
import { currentTransaction } from '../db/current-transaction.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import type { AuthPart } from './auth-part.js';
import { firstFactors, provingEndpoints, renewsSession } from './first-factors.js';
import { enrolledMethods } from './second-factor.js';
import { withProof, type SecondFactorDue, type SessionProofs } from '../session/proof.js';

/** The columns that the gate writes. */
interface GatedSession extends SessionProofs {
  readonly secondFactorDue: SecondFactorDue | null;
  readonly expiresAt?: Date;
}

export interface Due {
  readonly due: SecondFactorDue;
  /** The second factors that the user has, or may enrol. */
  readonly methods: readonly string[];
}

interface NewSession extends Partial<SessionProofs> {
  readonly userId: string;
  readonly token: string;
}

/** How long a sign-in waits for the second factor, or for one to be set up, in minutes. */
const pendingMinutes = { verify: 10, enrol: 60 } as const;

/** @param parts of the enabled features */
export function createSignInGate({ orm, scopes }: AuthDependencies, parts: readonly AuthPart[]) {
  const factors = parts.flatMap(({ secondFactors = [] }) => secondFactors);
  const [policy, another] = parts.flatMap(({ secondFactorPolicy }) => secondFactorPolicy ?? []);
  if (another !== undefined) throw new Error('two features decide when a second factor is due');

  async function dueFor(ctx: GenericEndpointContext, userId: string): Promise<Due | undefined> {
    if (policy === undefined) return undefined;
    const methods: readonly string[] = await enrolledMethods(
      factors,
      currentTransaction(orm),
      userId,
    );
    // A passkey is a second factor of those who have nothing else only where everybody must have one.
    if (methods.includes('totp') || (policy.isRequired && methods.includes('passkey'))) {
      return (await policy.isTrustedDevice(ctx, userId)) ? undefined : { due: 'verify', methods };
    }
    if (!policy.isRequired) return undefined;
    const offered = factors
      .map(({ method }) => method)
      .filter((method) => method !== 'backup_code');
    return { due: 'enrol', methods: offered };
  }

  /** @throws Error if the endpoint is not known to sign in */
  function provenBy(session: NewSession, ctx: GenericEndpointContext): SessionProofs {
    const { aal, methods, provenAt } = session;
    if (provingEndpoints.includes(ctx.path) && aal && methods && provenAt)
      return { aal, methods, provenAt };
    if (ctx.path === renewsSession) {
      const current = ctx.context.session?.session as Partial<SessionProofs> | undefined;
      return withProof({ aal: current?.aal ?? 1, methods: current?.methods ?? [] }, 'password', 1);
    }
    const method = firstFactors[ctx.path];
    if (method === undefined) throw new Error(`${ctx.path} must not create a session`);
    return withProof(undefined, method, 1);
  }

  return {
    /** BetterAuth's hook before a session is created. @returns what the session stores */
    async beforeSession(
      session: NewSession,
      ctx: GenericEndpointContext | null,
    ): Promise<GatedSession> {
      if (ctx === null) throw new Error('sessions are created by endpoints only');
      const proven = provenBy(session, ctx);
      const isExempt = proven.aal === 2 || ctx.path === renewsSession;
      const found = isExempt
        ? undefined
        : await withErrorsRecorded(scopes, dueFor(ctx, session.userId));
      if (found === undefined) return { ...proven, secondFactorDue: null };
      const expiresAt = new Date(Date.now() + pendingMinutes[found.due] * 60_000);
      const scope = scopes.getStore();
      if (scope !== undefined) {
        scope.pendingSignIn = found;
        // The cookie ends with the session (cookie-lifetime.ts).
        (scope.absoluteExpiries ??= new Map()).set(session.token, expiresAt);
      }
      return { ...proven, secondFactorDue: found.due, expiresAt };
    },
  };
}
