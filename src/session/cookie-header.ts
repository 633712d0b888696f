/**
 * Parses a Cookie header as BetterAuth 1.7.25's parser (better-call) does: splits at the first `=`, trims white space,
 * and strips the first and last character of a value that begins with a quote. Never throws.
 */

export interface RawCookie {
  readonly name: string;
  /** Unquoted, not yet percent-decoded. */
  readonly value: string;
}

/** All cookies in order, duplicates included. Parts without `=` are skipped. */
export function readCookies(header: string): RawCookie[] {
  const cookies: RawCookie[] = [];
  for (const part of header.split(';')) {
    const split = part.indexOf('=');
    if (split === -1) continue;
    const value = part.slice(split + 1).trim();
    cookies.push({
      name: part.slice(0, split).trim(),
      value: value.startsWith('"') ? value.slice(1, -1) : value,
    });
  }
  return cookies;
}

/** Percent-decodes once; a value that is not valid percent-encoding is returned unchanged. */
export function decodeOnce(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
