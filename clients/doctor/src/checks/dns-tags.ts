/** Reads `name=value; name=value`, as DKIM and DMARC records are written (RFC 6376 3.2). */
export function readTags(record: string): Readonly<Partial<Record<string, string>>> {
  const pairs = record.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    if (at === -1) return [];
    const name = part.slice(0, at).trim().toLowerCase();
    return [[name, part.slice(at + 1).replace(/\s+/g, '')] as const];
  });
  return Object.fromEntries(pairs);
}
