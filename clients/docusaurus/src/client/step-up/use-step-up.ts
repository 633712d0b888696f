/** What the step-up dialog needs. Docusaurus loads it with the dialog. */
import { getAuth, useAuthOptions } from '../hooks.js';
import type { ActionDependencies } from '../actions.js';
import { createFactorCalls } from '../factors/factor-calls.js';
import type { Outcome } from '../outcome.js';
import { isObject } from '../response-shapes.js';

/** Exactly one of them. */
export type StepUpProof =
  | { readonly password: string }
  | { readonly totp: string }
  | { readonly backupCode: string }
  | { readonly passkey: object };

export interface StepUp {
  /** With which the user of this session can give a new proof. */
  readonly methods: () => Promise<Outcome<readonly string[]>>;
  readonly prove: (proof: StepUpProof) => Promise<Outcome>;
  /** Ends the dialog. */
  readonly settle: (isProven: boolean) => void;
}

let stepUp: StepUp | undefined;

export function useStepUp(): StepUp {
  const { dependencies } = getAuth(useAuthOptions());
  return (stepUp ??= createStepUp(dependencies));
}

function createStepUp(dependencies: ActionDependencies): StepUp {
  const calls = createFactorCalls(dependencies);
  return {
    async methods() {
      const outcome = await calls.get('/step-up', hasMethods);
      return outcome.ok ? { ok: true, value: outcome.value.methods } : outcome;
    },
    prove: (proof) => calls.prove('/step-up', proof, isObject),
    settle: dependencies.stepUp.settle,
  };
}

function hasMethods(value: unknown): value is { readonly methods: readonly string[] } {
  return (
    isObject(value) &&
    Array.isArray(value.methods) &&
    value.methods.every((method) => typeof method === 'string')
  );
}
