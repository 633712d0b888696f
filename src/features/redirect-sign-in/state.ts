/**
 * The `state` of a redirect: all that is known of a flow, encrypted, so that a start stores nothing and a refused callback
 * still leads to the page that started it. A cookie of the flow's own binds it to the browser.
 */
import { z } from 'zod';
import { createSeal } from '../../config/seal.js';
import type { KeyRing } from '../../config/secrets.js';
import { createToken, hashToken } from '../../auth/link-token.js';
import type { FlowSecrets } from '../../identity-providers.js';

/** How long a visitor may take at the provider. The cookie lives as long. */
export const flowLifetimeMs = 600_000;

const stateSchema = z.object({
  flow: z.string(),
  provider: z.string(),
  /** The exact URL of the page to which the code or the error is sent. */
  returnTo: z.string(),
  /** Of the verifier that the page keeps; undefined where the flow ends on this host. */
  challenge: z.string().optional(),
  /** Where an error is sent instead, as stock clients have it. */
  errorTo: z.string().optional(),
  newUserTo: z.string().optional(),
  /** SHA-256 of the cookie. */
  binding: z.string(),
  linkUserId: z.string().optional(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
});

export type FlowState = z.infer<typeof stateSchema>;

export type NewFlow = Omit<FlowState, 'flow' | 'binding' | 'startedAt'>;

const ticketSchema = z.object({ userId: z.string(), challenge: z.string(), issuedAt: z.number() });

export type States = ReturnType<typeof createStates>;

export function createStates(keyRing: KeyRing, now: () => Date) {
  const seal = createSeal(keyRing, 'auth-service redirect sign-in');

  function unseal<T>(text: string, kind: string, schema: z.ZodType<T>): T | undefined {
    const opened = seal.decrypt(text, kind);
    // The text is our own, but perhaps of another version.
    return opened === undefined ? undefined : schema.safeParse(JSON.parse(opened)).data;
  }

  return {
    /** @returns the state's text, and the value of the flow's cookie */
    begin(flow: NewFlow): { readonly state: FlowState; readonly text: string; cookie: string } {
      const cookie = createToken();
      const state: FlowState = {
        ...flow,
        flow: createToken(),
        binding: hashToken(cookie),
        startedAt: now().getTime(),
      };
      return { state, text: seal.encrypt(JSON.stringify(state), 'state'), cookie };
    },

    /** @returns undefined for anything that this service did not write */
    read: (text: string) => unseal(text, 'state', stateSchema),

    isExpired: ({ startedAt }: FlowState) => now().getTime() - startedAt > flowLifetimeMs,

    /** Lets the page of a signed-in user start a flow that links a provider; useless with another challenge. */
    createTicket: (userId: string, challenge: string) =>
      seal.encrypt(JSON.stringify({ userId, challenge, issuedAt: now().getTime() }), 'ticket'),

    /** @returns the user's id; undefined for a ticket that is invalid, expired or of another challenge */
    readTicket(text: string, challenge: string): string | undefined {
      const ticket = unseal(text, 'ticket', ticketSchema);
      if (ticket?.challenge !== challenge) return undefined;
      return now().getTime() - ticket.issuedAt > flowLifetimeMs ? undefined : ticket.userId;
    },

    sealIdentity: (text: string, flowId: string) => seal.encrypt(text, flowId),
    openIdentity: (text: string, flowId: string) => seal.decrypt(text, flowId),
  };
}

/**
 * What the provider's answer must match. Derived from the cookie, so that neither the state nor a copy of the database
 * reveals it.
 */
export function flowSecrets(text: string, { flow }: FlowState, cookie: string): FlowSecrets {
  return {
    state: text,
    nonce: hashToken(`nonce.${flow}.${cookie}`),
    codeVerifier: hashToken(`pkce.${flow}.${cookie}`),
  };
}
