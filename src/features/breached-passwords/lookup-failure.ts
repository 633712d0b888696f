/** The error of a lookup that did not happen. */
import type { LookupReason } from './reasons.js';

/** A password could not be checked. Holds nothing of the password. */
export class LookupFailure extends Error {
  override readonly name = 'LookupFailure';

  constructor(
    readonly reason: LookupReason,
    options?: ErrorOptions,
  ) {
    super(`breached passwords could not be checked: ${reason}`, options);
  }
}
