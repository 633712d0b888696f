/** What must hold for a provider to create an account. */
import type { IdentityProviders } from '../../identity-providers.js';
import type { SignUpRules } from './account-decision.js';

/** @param requiredFields that a new user must fill in, of all features */
export function signUpRules(
  providers: IdentityProviders | undefined,
  requiredFields: readonly string[],
): SignUpRules {
  const { signUp = false, allowedDomains } = providers ?? {};
  return { signUp, allowedDomains, requiresFields: requiredFields.length > 0 };
}
