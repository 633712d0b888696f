/** The browser's part of passkeys. Its library is loaded by the first ceremony, so that other pages do not carry it. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import type { Outcome } from '../outcome.js';
import { factorRefusal } from './factor-messages.js';
import type { CeremonyOptions } from './factor-shapes.js';

/** The code of a ceremony that the visitor cancelled, or another one replaced: no message is shown. */
export const ceremonyCancelled = 'CEREMONY_CANCELLED';

/** False without HTTPS. */
export function isPasskeySupported(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function';
}

/** Whether the browser offers passkeys in the suggestions of an input. */
export async function isAutofillSupported(): Promise<boolean> {
  if (!isPasskeySupported()) return false;
  // Older browsers lack the method.
  const browser: Partial<Pick<typeof PublicKeyCredential, 'isConditionalMediationAvailable'>> =
    globalThis.PublicKeyCredential;
  return (await browser.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

export interface Ceremonies {
  /** @param autofill waits for the suggestions of an input instead of opening a dialog */
  readonly authenticate: (options: CeremonyOptions, autofill: boolean) => Promise<Outcome<object>>;
  readonly register: (options: CeremonyOptions) => Promise<Outcome<object>>;
  /** Ends the ceremony under way. */
  readonly cancel: () => Promise<void>;
}

const load = () => import('@simplewebauthn/browser');

export const ceremonies: Ceremonies = {
  authenticate: (options, useBrowserAutofill) =>
    run(({ startAuthentication }) =>
      startAuthentication({
        optionsJSON: options,
        useBrowserAutofill,
      }),
    ),
  register: (options) =>
    run(({ startRegistration }) =>
      startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }),
    ),
  async cancel() {
    const library = await load().catch(() => undefined);
    library?.WebAuthnAbortService.cancelCeremony();
  },
};

type Library = Awaited<ReturnType<typeof load>>;

async function run(start: (library: Library) => Promise<object>): Promise<Outcome<object>> {
  const library = await load().catch(() => undefined);
  if (library === undefined) return factorRefusal('CEREMONY_NOT_LOADED');
  try {
    return { ok: true, value: await start(library) };
  } catch (error) {
    return factorRefusal(codeOf(error));
  }
}

/** `WebAuthnError` has the name of its cause. */
function codeOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  if (name === 'NotAllowedError' || name === 'AbortError') return ceremonyCancelled;
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return 'PASSKEY_ALREADY_REGISTERED';
  return name === 'SecurityError' ? 'PASSKEY_RP_MISMATCH' : 'PASSKEY_NOT_SUPPORTED';
}
