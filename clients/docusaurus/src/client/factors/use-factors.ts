/** The hooks for second factors and passkeys. Docusaurus loads them with the pages that use them. */
import { getAuth, useAuthOptions } from '../hooks.js';
import { createFactorActions, type FactorActions } from './factor-actions.js';
import { createFactorCalls } from './factor-calls.js';
import { createPasskeyActions, type PasskeyActions } from './passkey-actions.js';
import { ceremonies } from './webauthn.js';

export interface Factors extends FactorActions {
  readonly passkeys: PasskeyActions;
  /** False where the sign-in is a bearer token: the browser would not send the cookie of a trusted device back. */
  readonly canTrustDevice: () => boolean;
}

/** One per page load, as the rest of the client. */
let factors: Factors | undefined;

export function useFactors(): Factors {
  const { dependencies } = getAuth(useAuthOptions());
  return (factors ??= createFactors(dependencies));
}

function createFactors(dependencies: ReturnType<typeof getAuth>['dependencies']): Factors {
  const calls = createFactorCalls(dependencies);
  return {
    ...createFactorActions(dependencies, calls),
    passkeys: createPasskeyActions(dependencies, calls, ceremonies),
    canTrustDevice: () => dependencies.bearer.token() === undefined,
  };
}
