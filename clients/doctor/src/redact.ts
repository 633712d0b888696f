/** The last line of defence: no credential handled during a run is printed, whatever a check reports. */

export interface Redaction {
  readonly registerSecret: (secret: string) => void;
  readonly redact: (text: string) => string;
}

/** A prefix of a secret is redacted from this length on; anything shorter occurs in ordinary words. */
const minimumLength = 8;

export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    registerSecret(secret) {
      for (const form of [secret, percentDecode(secret), percentEncode(secret)]) {
        if (form.length >= minimumLength) secrets.add(form);
      }
    },
    redact(text) {
      let redacted = '';
      let from = 0;
      for (let at = 0; at < text.length; at += 1) {
        const length = secretLengthAt(text, at, secrets);
        if (length === 0) continue;
        redacted += `${text.slice(from, at)}[redacted]`;
        from = at + length;
        at = from - 1;
      }
      return redacted + text.slice(from);
    },
  };
}

/** The length of the secret at this position, or of the part of it that truncation left; 0 where there is none. */
function secretLengthAt(text: string, at: number, secrets: ReadonlySet<string>): number {
  let longest = 0;
  for (const secret of secrets) {
    let length = 0;
    while (length < secret.length && text[at + length] === secret[length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest < minimumLength ? 0 : longest;
}

/** Unchanged where it is not valid percent-encoding: the text may come from a hostile server. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '')); // a lone surrogate cannot be encoded
}
