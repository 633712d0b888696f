/** The names of the site in the settings of features, which a new password must not consist of (context-words.ts). */
import type { FeatureSettings } from './definitions.js';

export function siteNames({ mail, passkeys }: FeatureSettings): string[] {
  return [mail?.brand.name, passkeys?.rpName].filter((name) => name !== undefined);
}
