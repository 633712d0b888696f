/**
 * BetterAuth's side of passkeys: its passkey plugin's endpoints at the same paths, so that its stock client works. The plugin
 * itself accepts passkeys without user verification, writes a row for each unauthenticated GET, keeps one challenge a browser
 * and lets the last passkey be removed without a fresh proof.
 */
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { createAssertions } from './auth/assertions.js';
import { createAttestations } from './auth/attestations.js';
import { createCeremonies } from './auth/ceremonies.js';
import { createChallenges } from './auth/challenges.js';
import { enrolOptionsEndpoint, enrolEndpoint } from './auth/enrol.js';
import { createFactor } from './auth/factor.js';
import { listEndpoint, removeEndpoint, renameEndpoint } from './auth/manage.js';
import { createNotices } from './auth/notices.js';
import { createRefuse } from './auth/refusals.js';
import { signInEndpoint, signInOptionsEndpoint } from './auth/sign-in.js';
import type { PasskeySettings } from './feature.js';

export function createAuthPart(
  settings: PasskeySettings,
  dependencies: AuthDependencies,
): AuthPart {
  const challenges = createChallenges(dependencies.config.keyRing, () => new Date());
  const refuse = createRefuse(dependencies);
  const ceremonies = createCeremonies(settings, dependencies, challenges, refuse);
  const assertions = createAssertions(settings, dependencies, ceremonies, refuse);
  const attestations = createAttestations(settings, ceremonies, refuse);
  const writeNotice = createNotices(dependencies);
  return {
    secondFactors: [createFactor(dependencies, assertions, refuse)],
    plugins: [
      {
        id: 'passkeys',
        endpoints: {
          generatePasskeyRegistrationOptions: enrolOptionsEndpoint(
            settings,
            dependencies,
            challenges,
          ),
          verifyPasskeyRegistration: enrolEndpoint(dependencies, {
            attestations,
            ceremonies,
            refuse,
            writeNotice,
          }),
          generatePasskeyAuthenticationOptions: signInOptionsEndpoint(
            settings,
            dependencies,
            challenges,
          ),
          verifyPasskeyAuthentication: signInEndpoint(dependencies, assertions, refuse),
          listPasskeys: listEndpoint(dependencies),
          updatePasskey: renameEndpoint(dependencies, refuse),
          deletePasskey: removeEndpoint(dependencies, { refuse, writeNotice }),
        },
      },
    ],
  };
}
