/** The button that ends the session of this browser. */
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthSignOut';
import { useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthSignOut({
  onSignedOut,
  className = 'button auth-button',
}: Props): ReactNode {
  const auth = useAuth();
  const { isBusy, refusal, secondsLeft, onSubmit } = useForm(auth.signOut, onSignedOut);
  return (
    <form method="post" onSubmit={onSubmit}>
      <button
        type="submit"
        className={className}
        aria-busy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
      >
        {isBusy ? (
          <Translate
            id="theme.auth.signOut.busy"
            description="A button while the request is pending"
          >
            Signing out…
          </Translate>
        ) : (
          <Translate
            id="theme.auth.signOut.submit"
            description="The button that signs out this browser"
          >
            Sign out
          </Translate>
        )}
      </button>
      <AuthFailure {...{ refusal, secondsLeft }} />
    </form>
  );
}
