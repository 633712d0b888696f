/**
 * `/step-up`: the user of a session proves again who they are, without a new sign-in. It renews the time of the latest proof,
 * and a second factor raises the level; of this session only, under a new token (NIST SP 800-63B 7.2, RFC 9470).
 */
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import { errorTable } from '../errors.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { findOwnSession, notSignedIn } from './own-session.js';
import { raiseSession } from './raise-session.js';
import type { SecondFactor } from './second-factor.js';
import { createSecondFactorLimit } from './second-factor-limit.js';
import { countStepUp } from '../step-up-counters.js';
import type { StepUpMethod, StepUpMethods } from './step-up-methods.js';
import { isCurrentPassword, wrongPassword } from './verified-password.js';
import type { OrmOrTransaction } from '../db/client.js';

const code = z.string().max(100).optional();

/** Exactly one of them. */
const bodySchema = z
  .object({
    password: z.string().optional(),
    totp: code,
    backupCode: code,
    passkey: z.record(z.string(), z.unknown()).optional(),
  })
  .optional();

type OwnSession = NonNullable<Awaited<ReturnType<typeof findOwnSession>>>;

/** @param factors of the enabled features */
export function createStepUp(
  dependencies: AuthDependencies,
  factors: readonly SecondFactor[],
  methods: StepUpMethods,
): BetterAuthPlugin {
  const { scopes, count } = dependencies;
  const limit = createSecondFactorLimit(dependencies);

  async function requireOwnSession({ context }: GenericEndpointContext): Promise<OwnSession> {
    const own = await findOwnSession(context.internalAdapter, scopes);
    if (own === undefined) throw notSignedIn();
    return own;
  }

  /** password-check-limit.ts has counted the attempt. */
  async function provePassword(ctx: GenericEndpointContext, own: OwnSession, password: string) {
    const { internalAdapter, password: passwords } = ctx.context;
    const hash = (await internalAdapter.findCredentialAccount(own.user.id))?.password;
    if (!hash || !(await passwords.verify({ hash, password }))) throw wrongPassword();
    const requireUnchanged = async (tx: OrmOrTransaction) => {
      const { verified } = scopes.getStore() ?? {};
      if (!verified || !(await isCurrentPassword(tx, own.user.id, verified))) throw wrongPassword();
    };
    return raiseSession(ctx, dependencies, own, { method: 'password', aal: 1 }, requireUnchanged);
  }

  function proveFactor(
    ctx: GenericEndpointContext,
    own: OwnSession,
    factor: SecondFactor,
    value: unknown,
  ) {
    return limit.during(own.user.id, async () => {
      const use = await factor.check(ctx, own.user.id, value);
      return raiseSession(ctx, dependencies, own, { method: factor.method, aal: 2 }, use);
    });
  }

  /** Outages are counted as such, by route. */
  async function counted<T>(method: StepUpMethod, proof: Promise<T>): Promise<T> {
    try {
      const proven = await proof;
      countStepUp(count, `${method}_proven`);
      return proven;
    } catch (error) {
      const status = error instanceof APIError ? error.statusCode : 500;
      if (status === 429) countStepUp(count, `${method}_limited`);
      else if (status < 500) countStepUp(count, `${method}_refused`);
      throw error;
    }
  }

  const readStepUp = createAuthEndpoint(
    '/step-up',
    {
      method: 'GET',
      metadata: { openapi: { description: 'The methods with which the user can step up' } },
    },
    async (ctx) => {
      const own = await requireOwnSession(ctx);
      const { aal, provenAt } = own.session as unknown as { aal: number; provenAt: Date };
      return ctx.json({ methods: await methods.of(own.user.id), aal, provenAt });
    },
  );

  const stepUp = createAuthEndpoint(
    '/step-up',
    {
      method: 'POST',
      body: bodySchema,
      metadata: {
        openapi: { description: 'Proves again who the user of the session is; a factor raises it' },
      },
    },
    async (ctx) => {
      const own = await requireOwnSession(ctx);
      const given = Object.entries(ctx.body ?? {}).filter(([, value]) => value !== undefined);
      const [field, value] = given[0] ?? [];
      const factor = factors.find((one) => one.field === field);
      const available = await methods.of(own.user.id);
      const isAvailable = available.includes(factor?.method ?? 'password');
      if (given.length !== 1 || !isAvailable || (factor === undefined && field !== 'password')) {
        const { message } = errorTable.PROOF_REQUIRED;
        const body = { code: 'PROOF_REQUIRED', message, reason: 'proof_required' };
        throw new APIError('BAD_REQUEST', { ...body, methods: available });
      }
      const proof =
        factor === undefined
          ? provePassword(ctx, own, ctx.body?.password ?? '')
          : proveFactor(ctx, own, factor, value);
      return ctx.json(await counted(factor?.method ?? 'password', proof));
    },
  );

  return { id: 'step-up', endpoints: { readStepUp, stepUp } };
}
