/** Why a password that an operator chose is refused. */
import { CommandRefusedError } from './command-refused.js';

/** The name of a rule, as responses have it. */
type PasswordRule =
  'length' | 'single_line' | 'common_password' | 'context_word' | 'breached' | 'repetition';

/** The password violates the rule named in the message. */
export class PasswordRefusedError extends CommandRefusedError {
  override readonly name = 'PasswordRefusedError';

  constructor(
    message: string,
    readonly rule: PasswordRule,
  ) {
    super(message);
  }
}
