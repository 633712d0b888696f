/** What a feature adds to BetterAuth's options. */
import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import type { SecondFactor, SecondFactorPolicy } from './second-factor.js';
import type { IdentityFields } from '../session/shown-fields.js';

/** BetterAuth merges hooks, rate limits and database hooks only from plugins, so they belong in a plugin. */
export interface AuthPart {
  readonly plugins?: readonly BetterAuthPlugin[];
  /** BetterAuth does not merge these: only one feature may set each key. */
  readonly options?: Pick<BetterAuthOptions, 'socialProviders' | 'emailVerification'>;
  /** Added to the core's own; only one feature may set each key. */
  readonly emailAndPassword?: Pick<
    NonNullable<BetterAuthOptions['emailAndPassword']>,
    'requireEmailVerification'
  >;
  /** Fields of the session, in place of the core's of the same name. */
  readonly sessionFields?: NonNullable<BetterAuthOptions['session']>['additionalFields'];
  /** Second factors that users can set up. */
  readonly secondFactors?: readonly SecondFactor[];
  /** Decides when one is due; only one feature may bring it. */
  readonly secondFactorPolicy?: SecondFactorPolicy;
  /** Endpoints with a parameter to enable, as BetterAuth's patterns, such as `/callback/:id`. */
  readonly endpoints?: readonly string[];
  /** Endpoints of BetterAuth that must not be reachable: they answer 404, unless a feature replaces them. */
  readonly disabledPaths?: readonly string[];
  /** Synchronous `transform.output` functions of its fields, so that the fast path of get-session can apply them. */
  readonly outputs?: IdentityFields['outputs'];
  /** Whether it changes the response of get-session other than by fields: this disables the fast path. */
  readonly changesGetSession?: boolean;
}

/**
 * The options of all parts in one object.
 * @throws Error if two parts set the same option
 */
export function mergePartOptions(parts: readonly AuthPart[]): NonNullable<AuthPart['options']> {
  return mergeOnce(parts.map(({ options = {} }) => options));
}

/**
 * The options of all parts for sign-up and sign-in with a password.
 * @throws Error if two parts set the same option
 */
export function mergePasswordOptions(
  parts: readonly AuthPart[],
): NonNullable<AuthPart['emailAndPassword']> {
  return mergeOnce(parts.map(({ emailAndPassword = {} }) => emailAndPassword));
}

/** The paths of the endpoints that parts provide. */
export function pathsOf(parts: readonly AuthPart[]): string[] {
  return parts
    .flatMap(({ plugins = [] }) => plugins)
    .flatMap(({ endpoints }) => Object.values(endpoints ?? {}))
    .map(({ path }) => path);
}

/** Paths that parts switch off, except those that another part replaces with an endpoint of its own. */
export function disabledPathsOf(parts: readonly AuthPart[]): string[] {
  const replaced = pathsOf(parts);
  const disabled = parts.flatMap(({ disabledPaths = [] }) => disabledPaths);
  return disabled.filter((path) => !replaced.includes(path));
}

function mergeOnce<Options extends object>(all: readonly Options[]): Options {
  const keys = all.flatMap((options) => Object.keys(options));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`two features set BetterAuth's option ${twice}`);
  return Object.assign({}, ...all) as Options;
}
