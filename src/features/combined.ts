/** What the enabled features bring together, in the order of the list. */
import type { CounterDefinition } from '../counters.js';
import { shownFields, type IdentityFields } from '../session/shown-fields.js';
import type { Config } from '../config/config.js';
import type { CredentialRules } from '../session/credential.js';
import { reasonFixes } from './reasons.js';
import type { ActiveFeature } from './slots.js';

export interface CombinedFeatures {
  readonly logFields: readonly NonNullable<ActiveFeature['logFields']>[];
  readonly credentialRules: CredentialRules;
  readonly counters: readonly CounterDefinition[];
  readonly usesMetrics: boolean;
  readonly requiredSignUpFields: readonly string[];
  /** The fields that `/session` returns. */
  readonly sessionFields: IdentityFields;
  /** What `/api/auth/features` returns. */
  readonly publicSettings: Readonly<Record<string, unknown>>;
}

export function combineFeatures(
  features: readonly ActiveFeature[],
  { cookies, keyRing }: Pick<Config, 'cookies' | 'keyRing'>,
): CombinedFeatures {
  return {
    logFields: features.flatMap(({ logFields }) => logFields ?? []),
    credentialRules: {
      cookieName: cookies.sessionCookieName,
      dontRememberCookieName: cookies.dontRememberCookieName,
      secrets: [keyRing.current, ...keyRing.previous],
      bearer: features.some(({ credentialRules }) => credentialRules?.bearer === true),
      reasonFixes,
    },
    counters: features.flatMap(({ counters = [] }) => counters),
    usesMetrics: features.some(({ usesMetrics }) => usesMetrics),
    requiredSignUpFields: features.flatMap(({ requiredSignUpFields = [] }) => requiredSignUpFields),
    sessionFields: shownFields(features.flatMap(({ publicFields }) => publicFields ?? [])),
    publicSettings: Object.fromEntries(
      features.flatMap(({ publicSettings = {} }) => Object.entries(publicSettings)),
    ),
  };
}
