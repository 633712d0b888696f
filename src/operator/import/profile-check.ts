/** Checks profiles with the rules that the service has for a sign-up, as far as its settings are in the environment. */
import { authBasePath, signUpPath } from '../../auth/auth-constants.js';
import type { Environment } from '../../config/environment.js';
import { activateFeatures } from '../../features/active-features.js';
import { createInputRulesLoader } from '../../features/input-rules.js';
import { tryReadConfig } from '../notice.js';
import type { CheckProfile } from './check-user.js';

const path = `${authBasePath}${signUpPath}`;

export async function createProfileCheck(env: Environment): Promise<CheckProfile> {
  const config = tryReadConfig(env, new Date());
  const features = typeof config === 'string' ? [] : activateFeatures(config.features);
  const rules = await createInputRulesLoader(features)();
  const hasProfiles = features.some(({ publicFields }) => publicFields?.user?.includes('profile'));
  return (profile) => {
    if (!hasProfiles) return profile === undefined ? undefined : 'profile_unchecked';
    const body = profile === undefined ? {} : { profile };
    return rules.some((rule) => rule(path, body) !== undefined) ? 'profile_invalid' : undefined;
  };
}
