/** `POST /redirect/ticket`: what a page fetches before it starts to link a provider to the account that is signed in. */
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { isToken } from '../../../auth/link-token.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import type { States } from '../state.js';
import type { Refuse } from './refusals.js';

export function ticketEndpoint({ scopes }: AuthDependencies, states: States, refuse: Refuse) {
  return createAuthEndpoint(
    '/redirect/ticket',
    {
      method: 'POST',
      body: z.object({ code_challenge: z.string() }),
      metadata: { openapi: { description: 'Allows a redirect to link a provider to the account' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      // A login is a way in: linking one is as sensitive as a change of the password (ASVS 7.5.1).
      requireFreshProof(own);
      const { code_challenge: challenge } = ctx.body;
      if (!isToken(challenge)) throw refuse('challenge_invalid', undefined);
      return ctx.json({ ticket: states.createTicket(own.user.id, challenge) });
    },
  );
}
