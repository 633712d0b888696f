/** Reads a new password from the operator and applies the service's password rules. */
import { isCommonPassword } from '../auth/common-passwords.js';
import { maximumPasswordLength, minimumPasswordLength } from '../auth/password.js';
import { CommandRefusedError } from './command-refused.js';
import { promptSecret, readStdin } from './prompt.js';

/** The password violates the rule named in the message. */
export class PasswordRefusedError extends CommandRefusedError {
  override readonly name = 'PasswordRefusedError';
}

/** @throws PasswordRefusedError */
export async function readNewPassword(fromStdin: boolean): Promise<string> {
  const password = fromStdin ? await readStdin() : await promptSecret('New password');
  await checkPassword(password);
  if (!fromStdin && (await promptSecret('Repeat it')) !== password) {
    throw new PasswordRefusedError('the passwords do not match: nothing was changed');
  }
  return password;
}

/** @throws PasswordRefusedError naming the rule that it violates */
export async function checkPassword(password: string): Promise<void> {
  const { length } = password;
  if (length < minimumPasswordLength || length > maximumPasswordLength) {
    const bounds = `${minimumPasswordLength} to ${maximumPasswordLength} characters`;
    throw new PasswordRefusedError(`a password must have ${bounds}, this one has ${length}`);
  }
  // These cannot be typed into a sign-in form.
  if (/[\r\n\0]/.test(password)) {
    throw new PasswordRefusedError('a password must be a single line without null characters');
  }
  if (await isCommonPassword(password)) {
    throw new PasswordRefusedError('this password is too common: choose another');
  }
}
