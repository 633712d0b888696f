/** The last line of defence: whatever the checks tell, no credential they handled is printed. */

export interface Redaction {
  readonly keep: (secret: string) => void;
  readonly redact: (text: string) => string;
}

export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    keep(secret) {
      for (const form of [secret, decoded(secret), encoded(secret)]) {
        if (form.length >= 8) secrets.add(form); // what is shorter is part of ordinary words
      }
    },
    redact(text) {
      let redacted = text;
      for (const secret of secrets) redacted = redacted.replaceAll(secret, '[redacted]');
      return redacted;
    },
  };
}

/** As it is, where it cannot be decoded: whoever set it may be anybody. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '')); // half a character cannot be
}
