/** Reads e-mail addresses. Strict: what is accepted here is written into headers. */

export interface NamedAddress {
  /** Empty if there is none. */
  readonly name: string;
  readonly address: string;
}

/** RFC 5321 4.5.3.1.3. */
const maxLength = 254;
/** No quoted local parts, comments, control characters or address literals. */
const address = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu;

export function isMailAddress(text: string): boolean {
  return text.length <= maxLength && address.test(text);
}

/** @param text `Name <someone@example.com>` or the address only. @returns undefined if it is neither */
export function parseNamedAddress(text: string): NamedAddress | undefined {
  const match = /^(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>|([^<>]+))$/u.exec(text.trim());
  const found = { name: match?.[1]?.trim() ?? '', address: match?.[2] ?? match?.[3] ?? '' };
  return isMailAddress(found.address) ? found : undefined;
}

/** For log lines: the first character and the domain, which is where mails are refused. */
export function maskMailAddress(text: string): string {
  const at = text.lastIndexOf('@');
  return `${text.slice(0, 1)}***${at === -1 ? '' : ` at ${text.slice(at + 1)}`}`;
}
