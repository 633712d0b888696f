/**
 * What both ceremonies, adding and using a passkey, have in common: WebAuthn level 3, sections 7.1 and 7.2. Checked here and
 * not by the library, whose errors are sentences: each refusal has its reason.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createOriginCheck } from '../../../config/trusted-origin.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import type { PasskeySettings } from '../feature.js';
import { markUsed, type Challenge, type ChallengePurpose, type Challenges } from './challenges.js';
import { detailOf, type Refuse } from './refusals.js';
import { clientDataSchema } from './responses.js';

const types: Readonly<Record<ChallengePurpose, string>> = {
  verify: 'webauthn.get',
  enrol: 'webauthn.create',
};

/** What the browser says of the ceremony. */
export interface CheckedClientData {
  /** As text, for the library. */
  readonly challengeText: string;
  readonly challenge: Challenge;
  readonly origin: string;
}

/** The part of the authenticator's data that both ceremonies check. */
interface AuthenticatorData {
  readonly rpIdHash: Uint8Array;
  readonly flags: { readonly up: boolean; readonly uv: boolean };
}

export type Ceremonies = ReturnType<typeof createCeremonies>;

export function createCeremonies(
  { rpId }: PasskeySettings,
  { config }: Pick<AuthDependencies, 'config'>,
  challenges: Challenges,
  refuse: Refuse,
) {
  const isTrusted = createOriginCheck(config);
  const ownHash = createHash('sha256').update(rpId).digest();

  function parse<T>(schema: z.ZodType<T>, value: unknown): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const detail = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    throw refuse('passkey_response_invalid', { detail });
  }

  /** @throws APIError with what `decode` throws as the evidence */
  function decode<T>(decoder: () => T): T {
    try {
      return decoder();
    } catch (error) {
      throw refuse('passkey_response_invalid', { detail: detailOf(error) });
    }
  }

  return {
    parse,
    decode,

    /** @param text the JSON of the browser, base64url. @throws APIError with the reason */
    checkClientData(text: string, purpose: ChallengePurpose): CheckedClientData {
      const json = decode(() => JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown);
      const data = parse(clientDataSchema, json);
      const { type, challenge: challengeText, origin, crossOrigin = false, topOrigin } = data;
      if (type !== types[purpose]) {
        throw refuse('passkey_response_invalid', { detail: `type: ${type}` });
      }
      const challenge = challenges.read(challengeText, purpose);
      if (typeof challenge === 'string') throw refuse(challenge);
      if (!isTrusted(origin)) throw refuse('passkey_origin_mismatch', { origin });
      if (crossOrigin || topOrigin !== undefined) throw refuse('passkey_in_frame', { origin });
      return { challengeText, challenge, origin };
    },

    /** @throws APIError with the reason */
    checkAuthenticatorData({ rpIdHash, flags }: AuthenticatorData): void {
      if (!ownHash.equals(rpIdHash)) throw refuse('passkey_rp_mismatch');
      if (!flags.up || !flags.uv) throw refuse('passkey_user_not_verified');
    },

    /** @throws APIError if it was used before */
    async useChallenge(tx: OrmOrTransaction, challenge: Challenge): Promise<void> {
      if (!(await markUsed(tx, challenge))) throw refuse('challenge_used');
    },
  };
}
