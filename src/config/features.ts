/** Collects the variables and settings of all features, without naming any. */
import { z } from 'zod';
import type { CoreSettings, Feature, VariableTypes } from '../features/definition.js';
import { definitions, type FeatureSettings } from '../features/definitions.js';
import type { Finding } from './finding.js';
import { parsedOnce } from './parsed-once.js';

const features: readonly Feature[] = definitions;
const readers = features.map((feature) => ({ feature, schema: z.object(feature.variables) }));

/** Variable → schema, for all features. */
export const featureVariables: VariableTypes = Object.assign(
  {},
  ...features.map(({ variables }) => variables),
) as VariableTypes;

/** Pattern such as `OIDC_<NAME>_ISSUER` → description, for all features. */
export const variableFamilies: Readonly<Record<string, string>> = Object.assign(
  {},
  ...features.map(({ variableFamilies: families = {} }) => families),
) as Record<string, string>;

/** Settings that let an API be called without the cookie. */
export const apiCredentialSettings = features.flatMap(
  ({ apiCredentialSetting }) => apiCredentialSetting ?? [],
);

/** @param values all variables with a valid value */
export function readFeatures(
  values: Readonly<Record<string, string | undefined>>,
  core: CoreSettings,
  findings: Finding[],
): FeatureSettings {
  const settings = readers.map(({ feature, schema }) => {
    const own = schema.parse(values, parsedOnce);
    return [feature.name, feature.readSettings(own, core, (finding) => findings.push(finding))];
  });
  return Object.fromEntries(settings) as FeatureSettings;
}

/** Whether an API can be called with a credential other than the cookie. */
export function issuesApiCredential(settings: FeatureSettings): boolean {
  const byName: Readonly<Record<string, unknown>> = settings;
  return features.some(
    ({ name, apiCredentialSetting }) =>
      apiCredentialSetting !== undefined && byName[name] !== undefined,
  );
}

/** The features' fields of the `startup` log line. */
export function describeFeatures(settings: FeatureSettings): Readonly<Record<string, unknown>> {
  const byName: Readonly<Record<string, unknown>> = settings;
  return Object.assign(
    {},
    ...features.map((feature) => feature.startupFields?.(byName[feature.name])),
  ) as Record<string, unknown>;
}
