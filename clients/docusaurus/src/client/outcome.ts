/** How an action ended: with its value, or with one sentence for the visitor. */

export type Outcome<T = undefined> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

export const done = { ok: true, value: undefined } as const satisfies Outcome;
