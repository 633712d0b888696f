/** Ends every session of the user, after a question. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthDialog from '@theme/AuthDialog';
import AuthFailure from '@theme/AuthFailure';
import AuthSubmit from '@theme/AuthSubmit';
import type { Props } from '@theme/AuthSignOutEverywhere';
import { useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthSignOutEverywhere({ onSignedOut }: Props): ReactNode {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button auth-button auth-danger"
        onClick={() => setAsking(true)}
      >
        <Translate
          id="theme.auth.everywhere.open"
          description="The button that asks whether to sign out on every device"
        >
          Sign out everywhere
        </Translate>
      </button>
      {isAsking && (
        <AuthDialog
          title={translate({
            id: 'theme.auth.everywhere.question',
            message: 'Sign out on every device?',
            description: 'The heading of the question before signing out everywhere',
          })}
          description={translate({
            id: 'theme.auth.everywhere.consequence',
            message:
              'All your devices are signed out, this browser too. You can sign in again at once.',
            description: 'In the question before signing out everywhere',
          })}
          onClose={() => setAsking(false)}
        >
          <SignOutForm onSignedOut={onSignedOut} />
        </AuthDialog>
      )}
    </>
  );
}

function SignOutForm({ onSignedOut }: Props): ReactNode {
  const auth = useAuth();
  const { isBusy, refusal, secondsLeft, onSubmit } = useForm(auth.signOutEverywhere, onSignedOut);
  return (
    <form method="post" className="auth-form" onSubmit={onSubmit}>
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthSubmit kind="danger" isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate
            id="theme.auth.signOut.busy"
            description="A button while the answer is awaited"
          >
            Signing out…
          </Translate>
        ) : (
          <Translate
            id="theme.auth.everywhere.submit"
            description="The button that signs out on every device"
          >
            Yes, sign out everywhere
          </Translate>
        )}
      </AuthSubmit>
    </form>
  );
}
