/** BetterAuth's client, which is used for actions only: who is signed in is asked by `session-query.ts`. */
import { createAuthClient as createBetterAuthClient } from 'better-auth/react';

/** @param fetch carries the credentials, and turns every failure into JSON with a code */
export function createAuthClient(baseURL: string, fetch: typeof globalThis.fetch) {
  return createBetterAuthClient({ baseURL, fetchOptions: { customFetchImpl: fetch } });
}

export type AuthClient = ReturnType<typeof createAuthClient>;
