/** Reads a new password from the operator, and applies the rules that users' own passwords follow. */
import { isCommonPassword } from '../auth/common-passwords.js';
import { createContextWords } from '../auth/context-words.js';
import { maximumPasswordLength, minimumPasswordLength } from '../auth/password.js';
import type { Config } from '../config/config.js';
import { findBreach } from '../features/breached-password.js';
import type { Logger } from '../log/logger.js';
import { PasswordRefusedError } from './password-refused.js';
import { promptSecret, readStdin } from './prompt.js';

/** @param config undefined where the settings of the service are unknown: then the rules that need them are left out */
export function createPasswordRules(
  config: Pick<Config, 'baseUrl' | 'trustedOrigins' | 'features'> | undefined,
  logger: Pick<Logger, 'warn'>,
) {
  const contextWords = createContextWords(
    config ?? { baseUrl: '', trustedOrigins: [], features: {} as Config['features'] },
  );

  /**
   * @param owner whose password it becomes
   * @throws PasswordRefusedError naming the rule that it violates
   */
  return async function checkPassword(
    password: string,
    owner: { readonly email: string; readonly name: string },
  ): Promise<void> {
    const { length } = password;
    if (length < minimumPasswordLength || length > maximumPasswordLength) {
      const bounds = `${minimumPasswordLength} to ${maximumPasswordLength} characters`;
      const message = `A password must have ${bounds}, this one has ${length}.`;
      throw new PasswordRefusedError(message, 'length');
    }
    // These cannot be typed into a sign-in form.
    if (/[\r\n\0]/.test(password)) {
      const message = 'A password must be a single line without null characters.';
      throw new PasswordRefusedError(message, 'single_line');
    }
    if (await isCommonPassword(password)) {
      throw new PasswordRefusedError(
        'This password is too common. Choose another.',
        'common_password',
      );
    }
    if (contextWords.includes(password, owner)) {
      const message =
        'This password is little more than the name of the site, the name of the user or their e-mail address. Choose another.';
      throw new PasswordRefusedError(message, 'context_word');
    }
    const breach = await findBreach(config?.features ?? {}, password, logger);
    if (breach !== undefined) throw new PasswordRefusedError(breach, 'breached');
  };
}

/** @throws PasswordRefusedError */
export async function readNewPassword(
  fromStdin: boolean,
  check: (password: string) => Promise<void>,
): Promise<string> {
  const password = fromStdin ? await readStdin() : await promptSecret('New password');
  await check(password);
  if (!fromStdin && (await promptSecret('Repeat it')) !== password) {
    throw new PasswordRefusedError(
      'The passwords do not match: nothing was changed.',
      'repetition',
    );
  }
  return password;
}
