/** In place of src/auth/account-limit.ts: no attempt to sign in is counted or refused. */
import type { limitAccounts as original } from '../../../src/auth/account-limit.js';

type Hooks = Parameters<typeof original>[0];

export function limitAccounts(hooks: Hooks): Hooks {
  return hooks;
}
