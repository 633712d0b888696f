/** Headers that a visitor may forge to appear under another address. */

/** A documentation address (RFC 5737), random for each call, so that no bucket of an earlier run is reused. */
function forgedAddress(): string {
  return `198.51.100.${1 + Math.floor(Math.random() * 254)}`;
}

/** Each header that proxies and platforms put the client's address into, forged. */
export function forgedHeaders(): [name: string, value: string][] {
  const names = [
    'x-forwarded-for',
    'x-real-ip',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
    'fly-client-ip',
    'x-vercel-forwarded-for',
  ];
  return [
    ...names.map((name): [string, string] => [name, forgedAddress()]),
    ['forwarded', `for=${forgedAddress()}`],
  ];
}
