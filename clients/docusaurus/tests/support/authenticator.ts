/** An authenticator in place of the browser's: the test answers each ceremony, or leaves it open. */
import { afterEach, beforeEach, vi } from 'vitest';

interface Ceremony {
  readonly kind: 'get' | 'create';
  readonly mediation: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly answer: () => void;
  /** As the browser ends one that the visitor cancels: `NotAllowedError`. */
  readonly fail: (name: string) => void;
}

/** @returns the ceremonies that were started, in order */
export function useAuthenticator({ autofill = true } = {}): { ceremonies: Ceremony[] } {
  const authenticator = { ceremonies: [] as Ceremony[] };
  const start = (kind: Ceremony['kind']) => (options: CredentialRequestOptions) =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      const fail = (name: string) => reject(new DOMException('', name));
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      const mediation = options.mediation as string | undefined;
      const answer = () => resolve(credential);
      authenticator.ceremonies.push({ kind, mediation, signal, answer, fail });
    });
  beforeEach(() => {
    authenticator.ceremonies.length = 0;
    const isConditionalMediationAvailable = () => Promise.resolve(autofill);
    vi.stubGlobal(
      'PublicKeyCredential',
      Object.assign(() => undefined, { isConditionalMediationAvailable }),
    );
    Object.defineProperty(navigator, 'credentials', {
      configurable: true,
      value: { get: start('get'), create: start('create') },
    });
  });
  afterEach(() => void Reflect.deleteProperty(navigator, 'credentials'));
  return authenticator;
}

const bytes = new Uint8Array([1, 2, 3]).buffer;
const credential = {
  id: 'AQID',
  rawId: bytes,
  type: 'public-key',
  authenticatorAttachment: 'platform',
  getClientExtensionResults: () => ({}),
  response: {
    authenticatorData: bytes,
    clientDataJSON: bytes,
    signature: bytes,
    userHandle: bytes,
    attestationObject: bytes,
    getTransports: () => ['internal'],
    getPublicKeyAlgorithm: () => -7,
    getPublicKey: () => bytes,
    getAuthenticatorData: () => bytes,
  },
};
