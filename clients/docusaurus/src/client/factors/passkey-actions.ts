/** Passkeys: signing in with one, and those of the account. Every action resolves with an outcome; none throws. */
import type { ActionDependencies } from '../actions.js';
import { describeDevice } from '../describe-device.js';
import { discardValue, type Outcome } from '../outcome.js';
import { isObject } from '../response-shapes.js';
import { withStepUp } from '../step-up/step-up-gate.js';
import type { FactorCalls } from './factor-calls.js';
import {
  isCeremonyOptions,
  isPasskeyList,
  type CeremonyOptions,
  type Passkey,
} from './factor-shapes.js';
import type { Ceremonies } from './webauthn.js';

export interface PasskeyActions {
  /** The options of a ceremony, whose challenge is used once. */
  readonly options: () => Promise<Outcome<CeremonyOptions>>;
  /** Asks for a passkey, and resolves with what proves it. Refused with `CEREMONY_CANCELLED` by the visitor. */
  readonly assert: (options: CeremonyOptions, autofill?: boolean) => Promise<Outcome<object>>;
  /** Signs in with what `assert` resolved with, or finishes a pending sign-in. */
  readonly signIn: (assertion: object) => Promise<Outcome>;
  /** Ends the ceremony under way. */
  readonly cancel: () => Promise<void>;
  readonly list: () => Promise<Outcome<readonly Passkey[]>>;
  /** Creates a passkey on this device. It finishes a sign-in that waits for an enrolment. */
  readonly add: () => Promise<Outcome>;
  readonly rename: (passkey: Pick<Passkey, 'id'> & { readonly name: string }) => Promise<Outcome>;
  /** The last way to sign in cannot be removed. */
  readonly remove: (passkey: Pick<Passkey, 'id'>) => Promise<Outcome>;
}

export function createPasskeyActions(
  { stepUp }: Pick<ActionDependencies, 'stepUp'>,
  calls: FactorCalls,
  ceremonies: Ceremonies,
): PasskeyActions {
  return {
    options: () => calls.get('/passkey/generate-authenticate-options', isCeremonyOptions),
    assert: (options, autofill = false) => ceremonies.authenticate(options, autofill),
    signIn: (response) => calls.prove('/passkey/verify-authentication', { response }, isObject),
    cancel: ceremonies.cancel,
    list: () => calls.get('/passkey/list-user-passkeys', isPasskeyList),
    async add() {
      const options = await withStepUp(stepUp, () =>
        calls.get('/passkey/generate-register-options', isCeremonyOptions),
      );
      if (!options.ok) return options;
      const created = await ceremonies.register(options.value);
      if (!created.ok) return created;
      const body = { response: created.value, name: describeDevice(navigator.userAgent) };
      return withStepUp(stepUp, () => calls.prove('/passkey/verify-registration', body, isObject));
    },
    rename: ({ id, name }) =>
      discardValue(calls.post('/passkey/update-passkey', { id, name }, isObject)),
    remove: ({ id }) =>
      discardValue(
        withStepUp(stepUp, () => calls.post('/passkey/delete-passkey', { id }, isObject)),
      ),
  };
}
