/**
 * BetterAuth, loaded and put together when it is first needed: it is a third of what a cold start would compile, and no
 * session check needs it. docs/performance.md has the figures.
 */
import type { AuthDependencies } from './auth-options.js';
import type { Auth } from './create-auth.js';

export interface LateAuth extends Auth {
  /** Loads it ahead of need. @throws what keeps BetterAuth from being put together, here and at each use */
  readonly load: () => Promise<void>;
}

export function createLateAuth(dependencies: AuthDependencies): LateAuth {
  let loading: Promise<Auth> | undefined;
  const loaded = () =>
    (loading ??= import('./create-auth.js').then(({ createAuth }) => createAuth(dependencies)));
  return {
    async load() {
      await loaded();
    },
    handle: async (request) => (await loaded()).handle(request),
    hasEndpoint: async (pathname) => (await loaded()).hasEndpoint(pathname),
    unreadableKeys: async () => (await loaded()).unreadableKeys(),
  };
}
