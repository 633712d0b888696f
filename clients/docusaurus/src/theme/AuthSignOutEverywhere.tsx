/** Ends every session of the user, after a confirmation. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthDialogButton from '@theme/AuthDialogButton';
import AuthForm from '@theme/AuthForm';
import type { Props } from '@theme/AuthSignOutEverywhere';
import { useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthSignOutEverywhere({ onSignedOut }: Props): ReactNode {
  return (
    <AuthDialogButton
      label={translate({
        id: 'theme.auth.everywhere.open',
        message: 'Sign out everywhere',
        description: 'The button that opens the dialog to sign out on every device',
      })}
      title={translate({
        id: 'theme.auth.everywhere.question',
        message: 'Sign out on every device?',
        description: 'The heading of the dialog to sign out on every device',
      })}
      description={translate({
        id: 'theme.auth.everywhere.consequence',
        message:
          'All your devices will be signed out, including this browser. You can sign in again right away.',
        description: 'In the dialog to sign out on every device',
      })}
    >
      <SignOutForm onSignedOut={onSignedOut} />
    </AuthDialogButton>
  );
}

function SignOutForm({ onSignedOut }: Props): ReactNode {
  const auth = useAuth();
  return (
    <AuthForm
      form={useForm(auth.signOutEverywhere, onSignedOut)}
      kind="danger"
      label={translate({
        id: 'theme.auth.everywhere.submit',
        message: 'Yes, sign out everywhere',
        description: 'The button that signs out on every device',
      })}
      busyLabel={translate({
        id: 'theme.auth.signOut.busy',
        message: 'Signing out…',
        description: 'A button while the request is pending',
      })}
    />
  );
}
