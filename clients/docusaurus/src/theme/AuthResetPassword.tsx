/** The form that chooses a new password with a mailed link. It ends all other sessions and signs in. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthField from '@theme/AuthField';
import AuthForm from '@theme/AuthForm';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthPasswordHint from '@theme/AuthPasswordHint';
import type { Props } from '@theme/AuthResetPassword';
import {
  done,
  isLinkRefusal,
  newPasswordError,
  useAuth,
  useForm,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthResetPassword({ token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const [ended, setEnded] = useState<Refusal>();
  const form = useForm(
    async (field) => {
      const outcome = await auth.resetPassword({ token, newPassword: field('new-password') });
      if (outcome.ok) onRedeemed(outcome.value);
      else if (isLinkRefusal(outcome)) setEnded(outcome);
      return outcome.ok ? done : outcome;
    },
    () => undefined,
    (field) => ({ 'new-password': newPasswordError(field('new-password')) }),
  );
  if (ended) return <AuthLinkRefused refusal={ended} canAskAgain />;
  return (
    <>
      <p>
        {translate({
          id: 'theme.auth.reset.explanation',
          message: 'The new password replaces the old one and signs out your other devices.',
          description: 'Above the form that replaces a forgotten password',
        })}
      </p>
      <AuthForm
        form={form}
        label={translate({
          id: 'theme.auth.reset.submit',
          message: 'Save the password',
          description: 'The button that replaces a forgotten password',
        })}
        busyLabel={translate({
          id: 'theme.auth.reset.busy',
          message: 'Saving…',
          description: 'The button while the request is pending',
        })}
      >
        <AuthField
          label={translate({
            id: 'theme.auth.field.newPassword',
            message: 'New password',
            description: 'The label of a field',
          })}
          showLabel={translate({
            id: 'theme.auth.password.showNew',
            message: 'Show new password',
            description: 'Label of the button that shows the new password as it is typed',
          })}
          name="new-password"
          type="password"
          autoComplete="new-password"
          hint={<AuthPasswordHint />}
          error={form.errors['new-password']}
        />
      </AuthForm>
    </>
  );
}
