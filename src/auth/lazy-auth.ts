/**
 * Loads and creates BetterAuth on first use: it is a third of the code that a cold start would compile, and session checks
 * do not need it. docs/performance.md has the figures.
 */
import type { AuthDependencies } from './auth-dependencies.js';
import type { AuthPart } from './auth-part.js';
import type { Auth } from './create-auth.js';

export interface LazyAuth extends Auth {
  /** Loads it in advance. @throws errors from loading or creating BetterAuth, here and at each use */
  readonly load: () => Promise<void>;
}

/** @param loadParts loads the parts of the enabled features */
export function createLazyAuth(
  dependencies: AuthDependencies,
  loadParts: () => Promise<readonly AuthPart[]>,
): LazyAuth {
  let loading: Promise<Auth> | undefined;
  let current: Auth | undefined;
  const loaded = () => (loading ??= create());
  async function create(): Promise<Auth> {
    const [{ createAuth }, parts] = await Promise.all([import('./create-auth.js'), loadParts()]);
    current = createAuth(dependencies, parts);
    return current;
  }
  return {
    async load() {
      await loaded();
    },
    handle: async (request) => (await loaded()).handle(request),
    findEndpoint: async (pathname) => (await loaded()).findEndpoint(pathname),
    getSessionFields: () => current?.getSessionFields(),
    secretConfig: async () => (await loaded()).secretConfig(),
  };
}
