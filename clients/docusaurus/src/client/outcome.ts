/** How an action ended: with its value, or with a message for the visitor. */

export type Outcome<T = undefined> = { readonly ok: true; readonly value: T } | Refusal;

/** An action that was not performed, and why. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  /** For the visitor, in one sentence. */
  readonly message: string;
  /** The invalid field of the request, if the service named one: `email`, `newPassword`. */
  readonly field?: string | undefined;
  /** The error of each invalid profile field, by its name. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** How long the service asked to wait before the next attempt. */
  readonly retryAfterSeconds?: number | undefined;
  /** Why, where a code has several reasons: `limit_account`, `limit_network`, `limit_codes` of a second factor; of a redirect that signed nobody in, like `code_expired`. */
  readonly reason?: string | undefined;
  /** Of the service's log line. */
  readonly requestId?: string | undefined;
  /** By how much the clock of the visitor's device is ahead of the service's, where a code shows it; negative if behind. */
  readonly differenceSeconds?: unknown;
  /** What the visitor can prove instead, by `name: true`. */
  readonly next?: Readonly<Record<string, unknown>> | undefined;
}

export const done = { ok: true, value: undefined } as const satisfies Outcome;

/** For an action whose response the caller has no use for. */
export async function discardValue(outcome: Promise<Outcome<unknown>>): Promise<Outcome> {
  const settled = await outcome;
  return settled.ok ? done : settled;
}
