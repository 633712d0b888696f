/** Verifies that a passkey was used: for a sign-in, and as a second factor. */
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { parseAuthenticatorData } from '@simplewebauthn/server/helpers';
import { eq, getTableColumns } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import type { PasskeySettings } from '../feature.js';
import { passkey, passkeyUser } from '../tables.js';
import type { Ceremonies } from './ceremonies.js';
import type { Challenge } from './challenges.js';
import { detailOf, type Refuse } from './refusals.js';
import { assertionSchema } from './responses.js';

/** A right response that is not used up yet. */
export interface CheckedAssertion {
  readonly userId: string;
  readonly passkeyId: string;
  readonly challenge: Challenge;
  readonly counter: number;
  readonly backedUp: boolean;
}

export type Assertions = ReturnType<typeof createAssertions>;

export function createAssertions(
  { rpId }: PasskeySettings,
  { scopes }: Pick<AuthDependencies, 'scopes'>,
  ceremonies: Ceremonies,
  refuse: Refuse,
) {
  async function findPasskey(db: OrmOrTransaction, credentialId: string) {
    const [found] = await db
      .select({ ...getTableColumns(passkey), handle: passkeyUser.handle })
      .from(passkey)
      .innerJoin(passkeyUser, eq(passkeyUser.userId, passkey.userId))
      .where(eq(passkey.credentialId, credentialId));
    if (found === undefined) throw refuse('passkey_unknown');
    const scope = scopes.getStore();
    if (scope !== undefined) scope.userId ??= found.userId;
    return found;
  }

  return {
    /**
     * Everything but what another request may change meanwhile. Writes nothing.
     * @param value the browser's response, unchecked
     * @throws APIError with the reason; errors of the database
     */
    async check(db: OrmOrTransaction, value: unknown): Promise<CheckedAssertion> {
      const response = ceremonies.parse(assertionSchema, value);
      const { clientDataJSON, authenticatorData, signature, userHandle } = response.response;
      const { challenge, challengeText, origin } = ceremonies.checkClientData(
        clientDataJSON,
        'verify',
      );
      const bytes = Uint8Array.from(Buffer.from(authenticatorData, 'base64url'));
      ceremonies.checkAuthenticatorData(ceremonies.decode(() => parseAuthenticatorData(bytes)));
      const found = await findPasskey(db, response.id);
      // Absent where the options named the passkey; then it is empty in Safari (bugs.webkit.org/show_bug.cgi?id=239737).
      if (userHandle && userHandle !== found.handle) {
        throw refuse('passkey_user_mismatch');
      }
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: {
          ...response,
          response: { clientDataJSON, authenticatorData, signature },
          clientExtensionResults: {},
        },
        expectedChallenge: challengeText,
        expectedOrigin: origin,
        expectedRPID: rpId,
        credential: {
          id: found.credentialId,
          publicKey: Uint8Array.from(Buffer.from(found.publicKey, 'base64url')),
          // Compared in `use`: the library would accuse a forged response, whose signature it verifies later, of a copy.
          counter: 0,
        },
      }).catch((error: unknown) => {
        throw refuse('passkey_response_invalid', { detail: detailOf(error) });
      });
      if (!verified) throw refuse('passkey_signature_wrong');
      return {
        userId: found.userId,
        passkeyId: found.id,
        challenge,
        counter: authenticationInfo.newCounter,
        backedUp: authenticationInfo.credentialBackedUp,
      };
    },

    /**
     * Uses up the challenge and stores the counter, once the user is locked.
     * @throws APIError if another request did, or the passkey was removed or may be a copy
     */
    async use(tx: OrmOrTransaction, checked: CheckedAssertion): Promise<void> {
      const { passkeyId, challenge, counter, backedUp } = checked;
      await ceremonies.useChallenge(tx, challenge);
      const isThis = eq(passkey.id, passkeyId);
      const [stored] = await tx.select().from(passkey).where(isThis).for('update');
      if (stored === undefined) throw refuse('passkey_unknown');
      const counts = counter > 0 || stored.counter > 0;
      if (counts && counter <= stored.counter) throw refuse('passkey_cloned');
      await tx.update(passkey).set({ counter, backedUp, lastUsedAt: new Date() }).where(isThis);
    },
  };
}
