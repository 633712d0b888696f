/** What the enabled features bring together, in the order of the list. */
import type { CounterDefinition } from '../counters.js';
import { shownFields, type IdentityFields } from '../session/shown-fields.js';
import type { ActiveFeature } from './slots.js';

export interface CombinedFeatures {
  readonly logFields: readonly NonNullable<ActiveFeature['logFields']>[];
  readonly acceptsBearerTokens: boolean;
  readonly counters: readonly CounterDefinition[];
  readonly usesMetrics: boolean;
  readonly requiredSignUpFields: readonly string[];
  /** The fields that `/session` returns. */
  readonly sessionFields: IdentityFields;
  /** What `/api/auth/features` returns. */
  readonly publicSettings: Readonly<Record<string, unknown>>;
}

export function combineFeatures(features: readonly ActiveFeature[]): CombinedFeatures {
  return {
    logFields: features.flatMap(({ logFields }) => logFields ?? []),
    acceptsBearerTokens: features.some(({ credentialRules }) => credentialRules?.bearer === true),
    counters: features.flatMap(({ counters = [] }) => counters),
    usesMetrics: features.some(({ usesMetrics }) => usesMetrics),
    requiredSignUpFields: features.flatMap(({ requiredSignUpFields = [] }) => requiredSignUpFields),
    sessionFields: shownFields(features.flatMap(({ publicFields }) => publicFields ?? [])),
    publicSettings: Object.fromEntries(
      features.flatMap(({ publicSettings = {} }) => Object.entries(publicSettings)),
    ),
  };
}
