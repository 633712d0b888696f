/** URLs of providers in variables. */
import { isLoopbackHost } from '../../config/site.js';

/** An https URL without query and credentials; http is accepted for this machine only. */
export function isProviderUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, search, hash, pathname } = new URL(value);
  if (username + search + hash !== '' || pathname.includes('/.well-known/')) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
