/** The form that changes the password, which ends the user's other sessions. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthField from '@theme/AuthField';
import AuthForm from '@theme/AuthForm';
import AuthPasswordHint from '@theme/AuthPasswordHint';
import type { Props } from '@theme/AuthPasswordForm';
import {
  newPasswordError,
  passwordError,
  useAuth,
  useForm,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthPasswordForm({ email, onChanged }: Props): ReactNode {
  const auth = useAuth();
  const [isChanged, setChanged] = useState(false);
  const form = useForm(
    (field) => {
      setChanged(false);
      const [currentPassword, newPassword] = [field('current-password'), field('new-password')];
      return auth.changePassword({ currentPassword, newPassword });
    },
    (element) => {
      element.reset();
      setChanged(true);
      onChanged();
    },
    (field) => ({
      'current-password': passwordError(field('current-password')),
      'new-password': newPasswordError(field('new-password')),
    }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.password.submit',
        message: 'Change password',
        description: 'The button that changes the password',
      })}
      busyLabel={translate({
        id: 'theme.auth.password.busy',
        message: 'Changing…',
        description: 'The button while the request is pending',
      })}
      success={isChanged ? changed() : undefined}
    >
      {/* For password managers: the account that the password belongs to. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <AuthField
        label={translate({
          id: 'theme.auth.field.currentPassword',
          message: 'Current password',
          description: 'The label of a field',
        })}
        showLabel={translate({
          id: 'theme.auth.password.showCurrent',
          message: 'Show current password',
          description: 'Label of the button that shows the current password as it is typed',
        })}
        name="current-password"
        type="password"
        autoComplete="current-password"
        error={form.errors['current-password']}
      />
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
  );
}

const changed = () =>
  translate({
    id: 'theme.auth.password.changed',
    message: 'Your password was changed, and your other devices were signed out.',
    description: 'After the password was changed',
  });
