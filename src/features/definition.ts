/** What the configuration needs to know of a feature. A definition imports neither express, BetterAuth nor the database. */
import type { z } from 'zod';
import type { Finding } from '../config/finding.js';
import type { KeyRing } from '../config/secrets.js';

/** Environment variable → schema, which carries the description. */
export type VariableTypes = Readonly<Record<string, z.ZodType>>;

/** What a feature may use of the core configuration. A part that is itself at fault is undefined. */
export interface CoreSettings {
  readonly baseUrl: string | undefined;
  /** Exact origins, including the service's own. */
  readonly trustedOrigins: readonly string[];
  readonly keyRing: KeyRing | undefined;
  readonly isProduction: boolean;
  readonly now: Date;
  /** Whether the variable is set, valid or not: an invalid value has been reported already and reads as undefined. */
  readonly isSet: (variable: string) => boolean;
  /** Whether a switch of another feature is off. @param byDefault its value where it is not set */
  readonly isOff: (variable: string, byDefault?: 'on' | 'off') => boolean;
  /** The values of a family of variables such as `OIDC_<NAME>_ISSUER`, by the part in the place of `<NAME>`. */
  readonly family: (pattern: string) => Readonly<Record<string, string>>;
}

/** `feature.ts` of each folder in `src/features/` exports one. */
export interface Feature<
  Name extends string = string,
  Variables extends VariableTypes = VariableTypes,
  Settings = unknown,
> {
  /** The name of its folder. */
  readonly name: Name;
  /** One sentence that completes "This feature …". */
  readonly summary: string;
  /** Environment variable → schema. Its description becomes the variable's documentation. */
  readonly variables: Variables;
  /** Variables whose name has a part of the operator's choice, written `<NAME>`: pattern → description. */
  readonly variableFamilies?: Readonly<Record<string, string>>;
  /**
   * Derives the settings, and reports every fault that concerns more than one variable.
   * @returns undefined where the feature is off
   */
  readSettings(
    values: z.infer<z.ZodObject<Variables>>,
    core: CoreSettings,
    report: (finding: Finding) => void,
  ): Settings | undefined;
  /** Its fields of the `startup` log line. */
  startupFields?(settings: Settings | undefined): Readonly<Record<string, unknown>>;
  /** The setting that lets an API be called with a credential other than the cookie, like `FEATURE=on`. */
  readonly apiCredentialSetting?: string;
}

/** Infers the types of a definition; the value is returned as it is. */
export function defineFeature<
  const Name extends string,
  Variables extends VariableTypes,
  Settings extends object,
>(feature: Feature<Name, Variables, Settings>): Feature<Name, Variables, Settings> {
  return feature;
}

/** The settings of a feature that is switched on. */
export type SettingsOf<Definition extends Pick<Feature, 'readSettings'>> = NonNullable<
  ReturnType<Definition['readSettings']>
>;
