/** Signs in with a passkey: by a button, and at once from the suggestions of the e-mail field (conditional UI). */
import { useEffect, useRef, useState } from 'react';
import type { Refusal } from '../outcome.js';
import { useCountdown } from '../use-countdown.js';
import { useFactors } from './use-factors.js';
import { ceremonyCancelled, isAutofillSupported } from './webauthn.js';

export interface PasskeySignIn {
  readonly isBusy: boolean;
  /** Why it was refused. A ceremony that the visitor cancelled is no refusal. */
  readonly refusal: Refusal | undefined;
  readonly secondsLeft: number;
  /** Opens the browser's dialog. */
  readonly start: () => Promise<void>;
}

/** A challenge without a timeout of the service lasts a minute at least. */
const defaultTimeoutMs = 60_000;

/**
 * @param onDone is called once signed in
 * @param autofill offers passkeys in the suggestions of an input with `autocomplete="username webauthn"`
 */
export function usePasskeySignIn(onDone: () => void, autofill: boolean): PasskeySignIn {
  const { passkeys } = useFactors();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { secondsLeft, start: startCountdown } = useCountdown();
  // A ref as well as state: the second click of a double click does not see the new state yet.
  const isSending = useRef(false);
  /** Counts the dialogs that were opened: each ends the suggestions, which start again after it. */
  const [dialogs, setDialogs] = useState(0);

  function showRefusal(next: Refusal): void {
    if (next.code === ceremonyCancelled) return;
    if (next.retryAfterSeconds !== undefined) startCountdown(next.retryAfterSeconds);
    setRefusal(next);
  }

  async function send(assertion: object): Promise<void> {
    isSending.current = true;
    setBusy(true);
    const outcome = await passkeys.signIn(assertion);
    isSending.current = false;
    setBusy(false);
    if (outcome.ok) onDone();
    else showRefusal(outcome);
  }

  async function start(): Promise<void> {
    if (isSending.current || secondsLeft > 0) return;
    isSending.current = true;
    setBusy(true);
    setRefusal(undefined);
    const options = await passkeys.options();
    const assertion = options.ok ? await passkeys.assert(options.value) : options;
    if (assertion.ok) await send(assertion.value);
    else showRefusal(assertion);
    isSending.current = false;
    setBusy(false);
    setDialogs((count) => count + 1);
  }

  useEffect(() => {
    if (!autofill) return undefined;
    let hasStopped = false;
    const isStopped = () => hasStopped;
    let isWaiting = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function offer(): Promise<void> {
      if (isStopped() || !(await isAutofillSupported())) return;
      const options = await passkeys.options();
      // A failure is shown where the visitor asks for a passkey, not before.
      if (isStopped() || isSending.current || !options.ok) return;
      // The visitor may fill in the form for longer than a challenge lasts.
      timer = setTimeout(() => void offer(), 0.8 * (options.value.timeout ?? defaultTimeoutMs));
      isWaiting = true;
      const assertion = await passkeys.assert(options.value, true);
      if (isStopped() || !assertion.ok) return;
      clearTimeout(timer);
      isWaiting = false;
      await send(assertion.value);
      setDialogs((count) => count + 1);
    }

    void offer();
    return () => {
      hasStopped = true;
      clearTimeout(timer);
      // Not where the button has already replaced it by its own ceremony.
      if (isWaiting && !isSending.current) void passkeys.cancel();
    };
  }, [autofill, passkeys, dialogs]);

  return { isBusy, refusal, secondsLeft, start };
}
