/** Changes the password; every other session ends with it. */
import { useState, type ReactNode } from 'react';
import AuthField from '@theme/AuthField';
import AuthMessage from '@theme/AuthMessage';
import AuthSubmit from '@theme/AuthSubmit';
import type { Props } from '@theme/AuthPasswordForm';
import { useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthPasswordForm({ email, onChanged }: Props): ReactNode {
  const auth = useAuth();
  const [isChanged, setChanged] = useState(false);
  const { isBusy, failure, onSubmit } = useForm(
    (field) => {
      setChanged(false);
      const [currentPassword, newPassword] = [field('current-password'), field('new-password')];
      return auth.changePassword({ currentPassword, newPassword });
    },
    (form) => {
      form.reset();
      setChanged(true);
      onChanged();
    },
  );
  return (
    <form method="post" className="auth-form" onSubmit={onSubmit}>
      {/* Tells a password manager whose password it is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <AuthField
        label="Current password"
        name="current-password"
        type="password"
        autoComplete="current-password"
      />
      <AuthField
        label="New password"
        name="new-password"
        type="password"
        autoComplete="new-password"
        hint="Your other devices are signed out."
      />
      <AuthMessage message={failure} />
      <AuthMessage
        kind="success"
        message={
          isChanged ? 'The password is changed, and your other devices are signed out.' : undefined
        }
      />
      <AuthSubmit isBusy={isBusy}>{isBusy ? 'Changing…' : 'Change password'}</AuthSubmit>
    </form>
  );
}
