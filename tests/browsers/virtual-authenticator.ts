/** Chromium's virtual device for passkeys, which verifies its user and needs no touch. */
import type { CDPSession } from 'playwright-core';

const device = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const;

/** @returns its id, for the other commands of CDP's WebAuthn domain */
export async function addVirtualAuthenticator(cdp: CDPSession): Promise<string> {
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: device,
  });
  return authenticatorId;
}
