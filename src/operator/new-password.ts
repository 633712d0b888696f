/** A new password from the operator, held to the service's own rules. */
import { isCommonPassword } from '../auth/common-passwords.js';
import { maximumPasswordLength, minimumPasswordLength } from '../auth/password.js';
import { promptSecret, readStdin } from './prompt.js';

/** The password does not fit the rules, which the message names. */
export class PasswordRefusedError extends Error {
  override readonly name = 'PasswordRefusedError';
}

/** @throws PasswordRefusedError */
export async function readNewPassword(fromStdin: boolean): Promise<string> {
  const password = fromStdin ? await readStdin() : await promptSecret('New password');
  await checkPassword(password);
  if (!fromStdin && (await promptSecret('Once more')) !== password) {
    throw new PasswordRefusedError('the two are not the same: nothing was changed');
  }
  return password;
}

async function checkPassword(password: string): Promise<void> {
  const { length } = password;
  if (length < minimumPasswordLength || length > maximumPasswordLength) {
    const bounds = `${minimumPasswordLength} to ${maximumPasswordLength} characters`;
    throw new PasswordRefusedError(`a password has ${bounds}, this one ${length}`);
  }
  // Nobody can type one at the sign-in page.
  if (/[\r\n\0]/.test(password)) {
    throw new PasswordRefusedError('a password is one line, without control characters');
  }
  if (await isCommonPassword(password)) {
    throw new PasswordRefusedError('this password is among the commonest: choose another');
  }
}
