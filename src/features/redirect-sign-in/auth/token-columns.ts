/** What is stored of a provider's tokens: nothing by default, because a copy of them would be a way into the provider. */
import type { GenericEndpointContext } from 'better-auth';
import { symmetricEncrypt } from 'better-auth/crypto';
import type { ProviderIdentity } from '../../../identity-providers.js';

/** @param keepTokens whether they are stored, encrypted */
export function createTokenColumns(keepTokens: boolean) {
  return async function tokenColumns(
    { context }: GenericEndpointContext,
    { tokens }: ProviderIdentity,
  ) {
    if (!keepTokens) return {};
    const encrypt = async (data: string | undefined) =>
      data === undefined ? null : symmetricEncrypt({ key: context.secretConfig, data });
    const { accessTokenExpiresAt: expiry } = tokens;
    return {
      accessToken: await encrypt(tokens.accessToken),
      refreshToken: await encrypt(tokens.refreshToken),
      idToken: await encrypt(tokens.idToken),
      accessTokenExpiresAt: expiry === undefined ? null : new Date(expiry),
      scope: tokens.scope ?? null,
    };
  };
}
