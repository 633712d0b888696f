/** The passwords that everybody tries first (ASVS 6.2.4 asks for the 3,000 commonest; these are 18,000). */
import { minimumPasswordLength } from './password.js';

let loaded: Promise<ReadonlySet<string>> | undefined;

/** Whether the password, in any case, is among the commonest. The list is loaded when it is first asked. */
export async function isCommonPassword(password: string): Promise<boolean> {
  loaded ??= loadList().catch((error: unknown) => {
    loaded = undefined; // the next one asks again
    throw error;
  });
  return (await loaded).has(password.toLowerCase());
}

/** Imported late: reading the list takes 60 ms, which no start and no session check should pay for. */
async function loadList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const commonest = dictionary['passwords-common'].map(String);
  // Shorter ones are refused for their length, which is the clearer answer.
  return new Set(commonest.filter((password) => password.length >= minimumPasswordLength));
}
