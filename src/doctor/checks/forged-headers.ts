/** What a visitor may send to be taken for somebody else. */

/** Nobody's address (RFC 5737), a new one for each call, so that no earlier examination's limit is met. */
function forgedAddress(): string {
  return `198.51.100.${1 + Math.floor(Math.random() * 254)}`;
}

/** Each header that proxies and platforms write an address into, forged. */
export function forgedHeaders(): [string, string][] {
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
