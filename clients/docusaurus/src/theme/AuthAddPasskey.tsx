/** The button that creates a passkey on this device. */
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthAddPasskey';
import {
  ceremonyCancelled,
  done,
  isPasskeySupported,
  useFactors,
  useForm,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthAddPasskey({ onAdded }: Props): ReactNode {
  const { passkeys } = useFactors();
  const isBrowser = useIsBrowser();
  const { isBusy, refusal, secondsLeft, onSubmit } = useForm(
    async () => {
      const outcome = await passkeys.add();
      if (outcome.ok) onAdded();
      // The visitor changed their mind.
      return !outcome.ok && outcome.code === ceremonyCancelled ? done : outcome;
    },
    () => undefined,
  );
  if (!isBrowser) return null;
  if (!isPasskeySupported()) {
    return (
      <p className="auth-muted">
        <Translate
          id="theme.auth.passkeys.unsupported"
          description="Where the browser has no passkeys"
        >
          This browser cannot create passkeys.
        </Translate>
      </p>
    );
  }
  return (
    <form method="post" onSubmit={onSubmit}>
      <button
        type="submit"
        className="button auth-button"
        aria-busy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
      >
        {translate({
          id: 'theme.auth.passkeys.add',
          message: 'Create a passkey',
          description: 'The button that creates a passkey on this device',
        })}
      </button>
      <AuthFailure {...{ refusal, secondsLeft }} />
    </form>
  );
}
