/** What checks captchas, and why one was not accepted. */
import type { CaptchaReason } from './reasons.js';

export interface CaptchaProvider {
  /** What a page needs besides the provider's name to show the captcha. */
  challenge(): Promise<Readonly<Record<string, unknown>>>;
  /** @throws CaptchaFailure, errors of the database */
  verify(token: string): Promise<void>;
  /** Whether the provider has failed a moment ago, so that pages may not be able to show the captcha either. */
  isFailing(): boolean;
}

/** A token that was not accepted, or not checked. Holds nothing of the token. */
export class CaptchaFailure extends Error {
  override readonly name = 'CaptchaFailure';

  constructor(
    readonly reason: CaptchaReason,
    options?: ErrorOptions,
  ) {
    super(`the captcha was not accepted: ${reason}`, options);
  }
}
