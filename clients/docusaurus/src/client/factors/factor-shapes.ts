/** The shapes of the responses about second factors and passkeys. Anything else with a 200 is not reported as done. */
import { isObject } from '../response-shapes.js';

export interface FactorStatus {
  /** Whether an authenticator app is set up. */
  readonly enabled: boolean;
  readonly backupCodesLeft: number;
  /** Whether the service requires a second factor, so that the last one cannot be removed. */
  readonly required: boolean;
}

export function isFactorStatus(value: unknown): value is FactorStatus {
  return (
    isObject(value) &&
    typeof value.enabled === 'boolean' &&
    typeof value.backupCodesLeft === 'number'
  );
}

/** Of an authenticator app, which is active once a code of it was entered. The service shows it once. */
export interface TotpEnrolment {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
  /** An SVG image. */
  readonly qrCode: string;
}

export function isTotpEnrolment(value: unknown): value is TotpEnrolment {
  return (
    hasBackupCodes(value) &&
    'totpURI' in value &&
    typeof value.totpURI === 'string' &&
    'qrCode' in value &&
    typeof value.qrCode === 'string'
  );
}

export function hasBackupCodes(
  value: unknown,
): value is { readonly backupCodes: readonly string[] } {
  return (
    isObject(value) &&
    Array.isArray(value.backupCodes) &&
    value.backupCodes.every((code) => typeof code === 'string')
  );
}

/** A browser that is not asked for the second factor. */
export interface TrustedDevice {
  readonly id: string;
  /** Its User-Agent, or a description of the service. */
  readonly browser?: string | null | undefined;
  readonly createdAt: string | Date;
  readonly lastUsedAt?: string | Date | null | undefined;
  readonly expiresAt?: string | Date | null | undefined;
  /** Whether it is this browser. */
  readonly current?: boolean | undefined;
}

export function isTrustedDeviceList(value: unknown): value is readonly TrustedDevice[] {
  return isListWithIds(value);
}

export interface Passkey {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly createdAt?: string | Date | null | undefined;
  readonly lastUsedAt?: string | Date | null | undefined;
}

export function isPasskeyList(value: unknown): value is readonly Passkey[] {
  return isListWithIds(value);
}

function isListWithIds(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((entry) => isObject(entry) && typeof entry.id === 'string')
  );
}

/** Options of a ceremony: its challenge, and what the browser needs besides. */
export interface CeremonyOptions {
  readonly challenge: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

export function isCeremonyOptions(value: unknown): value is CeremonyOptions {
  return isObject(value) && typeof value.challenge === 'string';
}
