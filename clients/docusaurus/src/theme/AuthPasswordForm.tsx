/** Changes the password; every other session ends with it. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthField from '@theme/AuthField';
import AuthMessage from '@theme/AuthMessage';
import AuthPasswordHint from '@theme/AuthPasswordHint';
import AuthSubmit from '@theme/AuthSubmit';
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
  const { isBusy, errors, refusal, secondsLeft, onSubmit, onInput } = useForm(
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
    (field) => ({
      'current-password': passwordError(field('current-password')),
      'new-password': newPasswordError(field('new-password')),
    }),
  );
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      {/* Tells a password manager whose password it is. */}
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
          description: 'Names the button that shows what was typed as the current password',
        })}
        name="current-password"
        type="password"
        autoComplete="current-password"
        error={errors['current-password']}
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
          description: 'Names the button that shows what was typed as the new password',
        })}
        name="new-password"
        type="password"
        autoComplete="new-password"
        hint={<AuthPasswordHint />}
        error={errors['new-password']}
      />
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthMessage
        kind="success"
        message={
          isChanged
            ? translate({
                id: 'theme.auth.password.changed',
                message: 'The password is changed, and your other devices are signed out.',
                description: 'After the password was changed',
              })
            : undefined
        }
      />
      <AuthSubmit isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate
            id="theme.auth.password.busy"
            description="The button while the answer is awaited"
          >
            Changing…
          </Translate>
        ) : (
          <Translate
            id="theme.auth.password.submit"
            description="The button that changes the password"
          >
            Change password
          </Translate>
        )}
      </AuthSubmit>
    </form>
  );
}
