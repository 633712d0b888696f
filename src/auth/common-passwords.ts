/** The most common passwords (ASVS 6.2.4 requires checking the top 3,000; this list has 18,000). */
import { minimumPasswordLength } from './password.js';

let loaded: Promise<ReadonlySet<string>> | undefined;

/** Whether the password is a common one, ignoring case. Loads the list on first use. */
export async function isCommonPassword(password: string): Promise<boolean> {
  loaded ??= loadList().catch((error: unknown) => {
    loaded = undefined; // retried by the next call
    throw error;
  });
  return (await loaded).has(password.toLowerCase());
}

/** Lazy import: loading the list takes 60 ms, which would delay startup and session checks. */
async function loadList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const common = dictionary['passwords-common'].map(String);
  // Shorter ones are rejected because of their length, with a clearer message.
  return new Set(common.filter((password) => password.length >= minimumPasswordLength));
}
