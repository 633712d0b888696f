/**
 * Adding a passkey: of a signed-in user with a fresh proof, or of one whose sign-in waits until a second factor is set up,
 * which the passkey then is.
 */
import { randomUUID } from 'node:crypto';
import { generateRegistrationOptions } from '@simplewebauthn/server';
import type { GenericEndpointContext, User } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import { completeSignIn, findPendingSignIn } from '../../../auth/pending-sign-in.js';
import { raiseSession } from '../../../auth/raise-session.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { counterName } from '../counters.js';
import type { PasskeySettings } from '../feature.js';
import { passkey } from '../tables.js';
import { wayIn } from '../way-in.js';
import { algorithms, type Attestations, type CheckedAttestation } from './attestations.js';
import type { Ceremonies } from './ceremonies.js';
import { challengeLifetimeMs, type Challenges } from './challenges.js';
import type { WriteNotice } from './notices.js';
import { describePasskeys, findOrCreateHandle, shownPasskey } from './passkey-rows.js';
import type { Refuse } from './refusals.js';

/** Each costs a row in every sign-in's options. */
const mostPasskeys = 20;

/** The user who adds a passkey: signed in, or waiting for the second factor to be set up. */
async function findEnrolling(ctx: GenericEndpointContext, dependencies: AuthDependencies) {
  const { internalAdapter } = ctx.context;
  const own = await findOwnSession(internalAdapter, dependencies.scopes);
  if (own !== undefined) return { own, user: own.user };
  const pending = await findPendingSignIn(dependencies);
  if (pending?.due !== 'enrol') throw notSignedIn();
  const user = await internalAdapter.findUserById(pending.userId);
  if (user === null) throw notSignedIn();
  return { pending, user };
}

export function enrolOptionsEndpoint(
  { rpId, rpName }: PasskeySettings,
  dependencies: AuthDependencies,
  challenges: Challenges,
) {
  const { orm, scopes } = dependencies;
  return createAuthEndpoint(
    '/passkey/generate-register-options',
    {
      method: 'GET',
      query: z
        .object({
          authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
          // Sent by the stock client, and stored only once the passkey is verified.
          name: z.string().optional(),
          context: z.string().optional(),
        })
        .optional(),
      metadata: { openapi: { description: 'Options for `navigator.credentials.create()`' } },
    },
    async (ctx) => {
      const { own, user } = await findEnrolling(ctx, dependencies);
      // Not again when the passkey is verified: the proof may be ten minutes old by then, and the challenge is this user's.
      if (own !== undefined) requireFreshProof(own);
      const [userID, known] = await withErrorsRecorded(
        scopes,
        Promise.all([findOrCreateHandle(orm, user.id), describePasskeys(orm, user.id)]),
      );
      const { authenticatorAttachment } = ctx.query ?? {};
      const options = await generateRegistrationOptions({
        rpID: rpId,
        rpName,
        userID,
        userName: user.email,
        userDisplayName: user.name === '' ? user.email : user.name,
        challenge: challenges.issue('enrol', user.id),
        timeout: challengeLifetimeMs,
        attestationType: 'none',
        excludeCredentials: known,
        supportedAlgorithmIDs: algorithms,
        authenticatorSelection: {
          residentKey: 'required',
          userVerification: 'required',
          ...(authenticatorAttachment !== undefined && { authenticatorAttachment }),
        },
      });
      return ctx.json(options);
    },
  );
}

interface Parts {
  readonly attestations: Attestations;
  readonly ceremonies: Ceremonies;
  readonly refuse: Refuse;
  readonly writeNotice: WriteNotice;
}

export function enrolEndpoint(
  dependencies: AuthDependencies,
  { attestations, ceremonies, refuse, writeNotice }: Parts,
) {
  /** In the transaction that locked the user. */
  async function store(
    tx: OrmOrTransaction,
    { challenge, values }: CheckedAttestation,
    owner: User,
    name: string | undefined,
    headers: Headers | undefined,
  ) {
    await ceremonies.useChallenge(tx, challenge);
    if ((await wayIn.count(tx, owner.id)) >= mostPasskeys) throw refuse('passkey_limit_reached');
    const [added] = await tx
      .insert(passkey)
      .values({ ...values, id: randomUUID(), userId: owner.id, name, createdAt: new Date() })
      .onConflictDoNothing({ target: passkey.credentialId })
      .returning();
    if (added === undefined) throw refuse('passkey_already_registered');
    await writeNotice(tx, 'passkey-added', owner, headers);
    await dependencies.audit?.record(tx, {
      kind: 'passkey_add',
      outcome: 'success',
      userId: owner.id,
      details: { passkey: added.id },
    });
    return shownPasskey(added);
  }

  return createAuthEndpoint(
    '/passkey/verify-registration',
    {
      method: 'POST',
      body: z.object({
        /** What the browser returned; checked in responses.ts, with a reason for each fault. */
        response: z.unknown(),
        /** The user's name for the passkey. */
        name: z.string().trim().max(100).optional(),
      }),
      metadata: { openapi: { description: 'Adds a passkey, which the session then has proven' } },
    },
    async (ctx) => {
      const { own, pending, user } = await findEnrolling(ctx, dependencies);
      const checked = await attestations.check(ctx.body.response, user.id);
      let added: object = {};
      const prove = async (tx: OrmOrTransaction) => {
        added = await store(tx, checked, user, ctx.body.name, ctx.headers);
      };
      const signedIn =
        own === undefined
          ? await completeSignIn(ctx, dependencies, pending, 'passkey', prove)
          : await raiseSession(ctx, dependencies, own, { method: 'passkey', aal: 2 }, prove);
      dependencies.count?.(counterName, 'added');
      return ctx.json({ ...added, ...signedIn });
    },
  );
}
