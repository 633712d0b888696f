/** Asks the visitor for a proof, in one dialog however many calls need it. The page frame shows the dialog. */
import type { Outcome } from '../outcome.js';
import { stepUpReasonOf, type StepUpReason } from './step-up-reason.js';

export interface StepUpGate {
  /** Opens the dialog, or joins the open one. Resolves with whether the session now has a new proof. */
  readonly request: (reason: StepUpReason) => Promise<boolean>;
  /** What is asked for; undefined while no dialog is open. */
  readonly current: () => StepUpReason | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  /** Ends the dialog for all calls that wait for it. */
  readonly settle: (isProven: boolean) => void;
}

export function createStepUpGate(): StepUpGate {
  const listeners = new Set<() => void>();
  let current: StepUpReason | undefined;
  let waiting: ((isProven: boolean) => void)[] = [];

  function set(reason: StepUpReason | undefined): void {
    current = reason;
    for (const listener of listeners) listener();
  }

  return {
    request(reason) {
      if (listeners.size === 0) return Promise.resolve(false); // a page without the frame, such as the 404 page
      // A second factor is also a new proof, but not the other way round.
      if (current !== 'aal2_required') set(reason);
      return new Promise((resolve) => waiting.push(resolve));
    },
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settle(isProven) {
      const ended = waiting;
      waiting = [];
      set(undefined);
      for (const resolve of ended) resolve(isProven);
    },
  };
}

/** Repeats an action of the service once, after the proof that it asks for. A cancelled dialog leaves its refusal. */
export async function withStepUp<T>(
  gate: Pick<StepUpGate, 'request'>,
  action: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const outcome = await action();
  const reason = outcome.ok ? undefined : stepUpReasonOf(outcome);
  return reason !== undefined && (await gate.request(reason)) ? action() : outcome;
}
