/** Codes of authenticator apps (RFC 6238): six digits, 30 seconds, SHA-1, which is what apps support. */
import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;

/** One step before and after: slow typists, and clocks that differ a little (RFC 6238, 5.2). */
const acceptedSteps = 1;

/** Ten minutes: how far a clock may be off to be recognized as the cause. */
const recognizedSteps = 20;

/** 160 random bits, as RFC 4226 recommends; in base32. */
export function createSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** @returns the `otpauth:` URI for the app, also as a QR code */
export function otpauthUri(secret: string, issuer: string, label: string): string {
  return generator(secret, issuer, label).toString();
}

export interface MatchedStep {
  /** The number of the time step that the code belongs to. */
  readonly step: number;
  /** By how much the device's clock is ahead; negative if it is behind. */
  readonly differenceSeconds: number;
  readonly isAccepted: boolean;
}

/** @returns undefined if the code belongs to no time near `now` */
export function matchStep(secret: string, code: string, now: Date): MatchedStep | undefined {
  const token = code.replaceAll(/\s/g, ''); // apps show it as 123 456
  if (!/^\d{6}$/.test(token)) return undefined; // the library throws for letters of several bytes
  const delta = generator(secret).validate({
    token,
    timestamp: now.getTime(),
    window: recognizedSteps,
  });
  if (delta === null) return undefined;
  return {
    step: Math.floor(now.getTime() / 1000 / periodSeconds) + delta,
    differenceSeconds: delta * periodSeconds,
    isAccepted: Math.abs(delta) <= acceptedSteps,
  };
}

function generator(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({
    secret: Secret.fromBase32(secret),
    ...(issuer && { issuer }),
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: periodSeconds,
  });
}
