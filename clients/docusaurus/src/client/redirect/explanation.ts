/**
 * `retry` starts the same provider again, `password` and `signIn` lead to the sign-in page, `signUp` to the form for a new
 * account, `account` to the account page.
 */
export type NextStep = 'retry' | 'password' | 'signIn' | 'signUp' | 'account';

/** What a visitor reads after a visit to a provider that signed nobody in, and can do next. */
export interface Explanation {
  readonly message: string;
  /** The most promising first. */
  readonly steps: readonly NextStep[];
}

/** @param provider its label */
export type Explain = (provider: string) => Explanation;
