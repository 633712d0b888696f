/** How an action ended: with its value, or with one sentence for the visitor. */

export type Outcome<T = undefined> = { readonly ok: true; readonly value: T } | Refusal;

/** What was not done, and why. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  /** One sentence for the visitor. */
  readonly message: string;
  /** The field of the request that the service found fault with, where it named one: `email`, `newPassword`. */
  readonly field?: string | undefined;
  /** How long the service asked to wait before the next try. */
  readonly retryAfterSeconds?: number | undefined;
}

export const done = { ok: true, value: undefined } as const satisfies Outcome;
