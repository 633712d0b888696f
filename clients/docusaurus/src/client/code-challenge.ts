/** A random verifier and its challenge, with which a page proves later that it is the one that started (RFC 7636). */

/** `subtle` exists only in secure contexts. */
export type PageCrypto = Pick<Crypto, 'getRandomValues'> & { readonly subtle?: SubtleCrypto };

/** 32 random bytes in base64url, 43 characters. */
export function createVerifier(crypto: PageCrypto): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** The SHA-256 in base64url; undefined in an insecure context. */
export async function challengeOf(
  verifier: string,
  { subtle }: PageCrypto,
): Promise<string | undefined> {
  const hash = await subtle?.digest('SHA-256', new TextEncoder().encode(verifier));
  return hash && encodeBase64Url(new Uint8Array(hash));
}

function encodeBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
