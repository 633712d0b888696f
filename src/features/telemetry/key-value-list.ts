/** Reads `key=value,key=value` with percent-encoded values, as OpenTelemetry's variables have it (W3C Baggage). */
import { splitList } from '../../config/split-list.js';

/** @returns undefined if an entry is not `key=value` or not properly encoded */
export function parseKeyValues(text: string): Readonly<Record<string, string>> | undefined {
  const pairs: [string, string][] = [];
  for (const entry of splitList(text)) {
    const at = entry.indexOf('=');
    const key = entry.slice(0, at).trim();
    const value = decoded(entry.slice(at + 1).trim());
    // Both become a header's or an attribute's: no control character, and a name without separators (RFC 9110 5.6.2).
    if (at < 1 || !/^[\w!#$%&'*+.^`|~-]+$/.test(key)) return undefined;
    if (value === undefined || !/^[\x20-\x7e]*$/.test(value)) return undefined;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
