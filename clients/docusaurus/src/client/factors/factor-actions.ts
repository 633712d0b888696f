/** The authenticator app, its backup codes, and trusted devices. Every action resolves with an outcome; none throws. */
import type { ActionDependencies } from '../actions.js';
import { discardValue, type Outcome } from '../outcome.js';
import { isObject, isSignIn, isStatus } from '../response-shapes.js';
import { withStepUp } from '../step-up/step-up-gate.js';
import type { FactorCalls } from './factor-calls.js';
import {
  hasBackupCodes,
  isFactorStatus,
  isTotpEnrolment,
  isTrustedDeviceList,
  type FactorStatus,
  type TotpEnrolment,
  type TrustedDevice,
} from './factor-shapes.js';

interface Proof {
  readonly code: string;
  /** Whether this browser skips the second factor for 30 days. */
  readonly trustDevice?: boolean;
}

export interface FactorActions {
  readonly status: () => Promise<Outcome<FactorStatus>>;
  /** Starts an enrolment: a code of the app confirms it. It replaces an enrolment that is not confirmed. */
  readonly enable: () => Promise<Outcome<TotpEnrolment>>;
  /** Finishes a sign-in, or confirms an enrolment. */
  readonly verifyTotp: (proof: Proof) => Promise<Outcome>;
  /** Finishes a sign-in, and uses up the code. */
  readonly verifyBackupCode: (proof: Proof) => Promise<Outcome>;
  /** All older codes become invalid. */
  readonly renewBackupCodes: () => Promise<Outcome<readonly string[]>>;
  readonly disable: () => Promise<Outcome>;
  readonly trustedDevices: () => Promise<Outcome<readonly TrustedDevice[]>>;
  readonly revokeTrustedDevice: (device: Pick<TrustedDevice, 'id'>) => Promise<Outcome>;
  /** Also those that the list does not show yet. */
  readonly revokeTrustedDevices: () => Promise<Outcome>;
}

export function createFactorActions(
  { stepUp, sessions }: Pick<ActionDependencies, 'stepUp' | 'sessions'>,
  calls: FactorCalls,
): FactorActions {
  const verify = (path: string, { code, trustDevice }: Proof) =>
    calls.prove(path, { code, ...(trustDevice && { trustDevice }) }, isSignIn);

  const revoke = (path: string, body: object) =>
    discardValue(withStepUp(stepUp, () => calls.post(path, body, isObject)));

  return {
    status: () => calls.get('/two-factor/status', isFactorStatus),
    enable: () => withStepUp(stepUp, () => calls.post('/two-factor/enable', {}, isTotpEnrolment)),
    verifyTotp: (proof) => verify('/two-factor/verify-totp', proof),
    verifyBackupCode: (proof) => verify('/two-factor/verify-backup-code', proof),
    async renewBackupCodes() {
      const outcome = await withStepUp(stepUp, () =>
        calls.post('/two-factor/generate-backup-codes', {}, hasBackupCodes),
      );
      return outcome.ok ? { ok: true, value: outcome.value.backupCodes } : outcome;
    },
    async disable() {
      const outcome = await discardValue(
        withStepUp(stepUp, () => calls.post('/two-factor/disable', {}, isStatus)),
      );
      if (outcome.ok) await sessions.recheck(); // for every component that shows the user
      return outcome;
    },
    trustedDevices: () => calls.get('/two-factor/trusted-devices', isTrustedDeviceList),
    revokeTrustedDevice: ({ id }) => revoke('/two-factor/revoke-trusted-device', { id }),
    revokeTrustedDevices: () => revoke('/two-factor/revoke-trusted-devices', {}),
  };
}
