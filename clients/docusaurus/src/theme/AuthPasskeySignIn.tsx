/** The button that signs in with a passkey, and with `autofill` the suggestions of the e-mail field. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import useIsBrowser from '@docusaurus/useIsBrowser';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthPasskeySignIn';
import { isPasskeySupported, usePasskeySignIn } from 'docusaurus-plugin-auth-service/client';

export default function AuthPasskeySignIn({ onDone, autofill = false }: Props): ReactNode {
  const isBrowser = useIsBrowser();
  const { isBusy, refusal, secondsLeft, start } = usePasskeySignIn(onDone, autofill);
  if (!isBrowser || !isPasskeySupported()) return null;
  return (
    <div className="auth-providers">
      <button
        type="button"
        className="button button--block auth-button"
        aria-busy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
        onClick={start}
      >
        {translate({
          id: 'theme.auth.passkey.signIn',
          message: 'Sign in with a passkey',
          description: 'The button that signs in with a passkey',
        })}
      </button>
      <AuthFailure {...{ refusal, secondsLeft }} />
    </div>
  );
}
