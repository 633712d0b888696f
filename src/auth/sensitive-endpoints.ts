/**
 * What endpoints have in common that change how an account is entered, or end it: a session of an account with a second
 * factor must have proven it, and each refusal says with which methods the user can step up. Whether the proof must be
 * fresh, the endpoint itself decides (fresh-session.ts), except where it is BetterAuth's.
 */
import type { BetterAuthOptions, GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { RequestScopes } from '../request-scope.js';
import { requireFreshProof, secondFactorRequired, withoutFreshness } from './fresh-session.js';
import { freshMinutes } from '../session/proof.js';
import { findOwnSession } from './own-session.js';
import type { StepUpMethods } from './step-up-methods.js';

type Hooks = Required<NonNullable<BetterAuthOptions['hooks']>>;

export const sensitiveEndpoints: readonly string[] = [
  '/change-email',
  '/change-password',
  '/delete-user',
  '/link-social',
  '/redirect/ticket',
  '/unlink-account',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/delete-passkey',
];

/** BetterAuth compares the age of the session here, which no proof changes. Unless a feature replaces the endpoint. */
const stockFreshEndpoints: readonly string[] = ['/delete-user', '/unlink-account'];

interface Dependencies {
  readonly scopes: RequestScopes;
  readonly methods: StepUpMethods;
  /** Paths of the endpoints that features provide. */
  readonly replaced: readonly string[];
}

/** @returns the hooks, with the level checked before them and refusals completed after them */
export function protectSensitiveEndpoints(
  hooks: Hooks,
  { scopes, methods, replaced }: Dependencies,
): Hooks {
  const stock = stockFreshEndpoints.filter((path) => !replaced.includes(path));

  /** @throws APIError 403 if the account has a second factor that this session has not proven, as on a trusted device */
  async function requireSecondFactor(own: OwnSession): Promise<void> {
    if ((own.session as { aal?: number }).aal === 2) return;
    const secondFactors = await methods.secondFactorsOf(own.user.id);
    if (secondFactors.length > 0) throw secondFactorRequired(secondFactors);
  }

  async function completed(error: APIError, userId: string): Promise<APIError> {
    const available = await methods.of(userId);
    return new APIError('FORBIDDEN', {
      ...error.body,
      ...(available.length === 0 && { message: signInAgain }),
      methods: available,
    });
  }

  return {
    before: async (ctx) => {
      const { path, context } = ctx as unknown as GenericEndpointContext;
      const { password } = ((ctx as { body?: unknown }).body ?? {}) as { password?: unknown };
      const own = sensitiveEndpoints.includes(path)
        ? await findOwnSession(context.internalAdapter, scopes)
        : undefined;
      if (own === undefined) return hooks.before(ctx); // the endpoint answers 401, or continues a sign-in
      await requireSecondFactor(own);
      const result: unknown = await hooks.before(ctx);
      if (!stock.includes(path)) return result;
      // BetterAuth verifies the password.
      if (typeof password === 'string') return result;
      try {
        requireFreshProof(own);
      } catch (error) {
        throw await completed(error as APIError, own.user.id);
      }
      return { context: withoutFreshness };
    },

    after: async (ctx) => {
      const result: unknown = await hooks.after(ctx);
      const { context } = ctx as unknown as GenericEndpointContext;
      const { returned } = context as { returned?: unknown };
      if (!(returned instanceof APIError) || returned.body?.reason !== 'not_fresh') return result;
      const own = await findOwnSession(context.internalAdapter, scopes);
      if (own === undefined) return result;
      throw await completed(returned, own.user.id);
    },
  };
}

type OwnSession = NonNullable<Awaited<ReturnType<typeof findOwnSession>>>;

/** a mailbox or a provider proves who the user is only by a sign-in. */
const signInAgain = `This needs a recent proof of who you are, and this account has no password and no second factor to prove it with: sign in again, then repeat this within ${freshMinutes} minutes.`;
