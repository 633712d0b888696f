/** What pages may know: which buttons to show. */
import type { SocialProvidersSettings } from './settings.js';

export function shownProviders({ providers, signUp }: SocialProvidersSettings) {
  return {
    socialProviders: providers.map(({ id, label, kind }) => ({ id, label, kind })),
    socialSignUp: signUp,
  };
}
