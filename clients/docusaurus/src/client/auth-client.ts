/** BetterAuth's client, used only for actions: `session-query.ts` requests the session itself. */
import { createAuthClient as createBetterAuthClient } from 'better-auth/client';

/** @param fetch carries the credentials, and turns every failure into JSON with a code */
export function createAuthClient(baseURL: string, fetch: typeof globalThis.fetch) {
  return createBetterAuthClient({ baseURL, fetchOptions: { customFetchImpl: fetch } });
}

export type AuthClient = ReturnType<typeof createAuthClient>;
