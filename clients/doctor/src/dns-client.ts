/** Looks up TXT records, with a deadline. */
import { Resolver } from 'node:dns/promises';

/**
 * @returns the records of the name, each in one piece; none if the name or its records do not exist
 * @throws NoDnsResponseError
 */
export type LookupTxt = (name: string) => Promise<readonly string[]>;

/** DNS did not answer, so it is unknown what the name has. */
export class NoDnsResponseError extends Error {
  override readonly name = 'NoDnsResponseError';

  constructor(
    readonly host: string,
    readonly code: string,
  ) {
    super(`no DNS response for ${host}: ${code}`);
  }
}

/** @param servers as in /etc/resolv.conf by default */
export function createLookupTxt(servers?: readonly string[]): LookupTxt {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return async function lookupTxt(name) {
    try {
      return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(''));
    } catch (error) {
      const { code = 'EFAILED' } = error as NodeJS.ErrnoException;
      if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
      throw new NoDnsResponseError(name, code);
    }
  };
}
