/** What a feature adds to BetterAuth's options. */
import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import type { IdentityFields } from '../session/shown-fields.js';

/** BetterAuth merges hooks, rate limits and database hooks of plugins only, so they belong into a plugin. */
export interface AuthPart {
  readonly plugins?: readonly BetterAuthPlugin[];
  /** BetterAuth does not merge these: a second owner of a key is refused. */
  readonly options?: Pick<BetterAuthOptions, 'socialProviders' | 'emailVerification'>;
  /** Endpoints with a parameter to switch on, by BetterAuth's own pattern, like `/callback/:id`. */
  readonly endpoints?: readonly string[];
  /** Its fields' `transform.output` where that is synchronous, so that the fast path of get-session can apply it. */
  readonly outputs?: IdentityFields['outputs'];
  /** It changes the response of get-session in another way than by fields: the fast path is then off. */
  readonly changesGetSession?: boolean;
}

/**
 * The options of all parts in one object.
 * @throws Error where two parts set the same option
 */
export function mergePartOptions(parts: readonly AuthPart[]): NonNullable<AuthPart['options']> {
  const keys = parts.flatMap(({ options = {} }) => Object.keys(options));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`two features set BetterAuth's option ${twice}`);
  return Object.assign({}, ...parts.map(({ options }) => options)) as NonNullable<
    AuthPart['options']
  >;
}
