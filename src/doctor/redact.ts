/** The last line of defence: whatever the checks tell, no credential they handled is printed. */

export interface Redaction {
  readonly keep: (secret: string) => void;
  readonly redact: (text: string) => string;
}

/** From here on a beginning counts as the secret itself; what is shorter is part of ordinary words. */
const fewest = 8;

export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    keep(secret) {
      for (const form of [secret, decoded(secret), encoded(secret)]) {
        if (form.length >= fewest) secrets.add(form);
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

/** Of the secret that stands there, or of as much of it as was left when somebody cut it; 0 where none does. */
function secretLengthAt(text: string, at: number, secrets: ReadonlySet<string>): number {
  let longest = 0;
  for (const secret of secrets) {
    let length = 0;
    while (length < secret.length && text[at + length] === secret[length]) length += 1;
    longest = Math.max(longest, length);
  }
  return longest < fewest ? 0 : longest;
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
