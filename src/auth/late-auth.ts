/**
 * BetterAuth, loaded and put together when it is first needed: it is a third of what a cold start would compile, and no
 * session check needs it. docs/performance.md has the figures.
 */
import type { AuthDependencies } from './auth-dependencies.js';
import type { AuthPart } from './auth-part.js';
import type { Auth } from './create-auth.js';

export interface LateAuth extends Auth {
  /** Loads it ahead of need. @throws what keeps BetterAuth from being put together, here and at each use */
  readonly load: () => Promise<void>;
}

/** @param loadParts loads what the features that are on add */
export function createLateAuth(
  dependencies: AuthDependencies,
  loadParts: () => Promise<readonly AuthPart[]>,
): LateAuth {
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
