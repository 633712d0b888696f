/** The end of the account: what will be gone is said first, and the password is asked for. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthDialog from '@theme/AuthDialog';
import AuthFailure from '@theme/AuthFailure';
import AuthField from '@theme/AuthField';
import AuthSubmit from '@theme/AuthSubmit';
import type { Props } from '@theme/AuthDeleteAccount';
import { passwordError, useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthDeleteAccount({ email, onDeleted }: Props): ReactNode {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <p>
        <Translate
          id="theme.auth.deleteAccount.explanation"
          description="Above the button that deletes the account"
        >
          Your name, your e-mail address, your password and all your sign-ins are deleted at once.
          Nobody can bring them back.
        </Translate>
      </p>
      <button
        type="button"
        className="button auth-button auth-danger"
        onClick={() => setAsking(true)}
      >
        <Translate
          id="theme.auth.deleteAccount.open"
          description="The button that asks whether to delete the account"
        >
          Delete account
        </Translate>
      </button>
      {isAsking && (
        <AuthDialog
          title={translate({
            id: 'theme.auth.deleteAccount.question',
            message: 'Delete your account?',
            description: 'The heading of the question before the account is deleted',
          })}
          description={
            <Translate
              id="theme.auth.deleteAccount.consequence"
              description="In the question before the account is deleted"
              values={{ email: <bdi>{email}</bdi> }}
            >
              {
                'The account of {email} is deleted for good, and every device is signed out. Enter your password to confirm it.'
              }
            </Translate>
          }
          onClose={() => setAsking(false)}
        >
          <DeleteForm {...{ email, onDeleted }} />
        </AuthDialog>
      )}
    </>
  );
}

function DeleteForm({ email, onDeleted }: Props): ReactNode {
  const auth = useAuth();
  const { isBusy, errors, refusal, secondsLeft, onSubmit, onInput } = useForm(
    (field) => auth.deleteAccount({ password: field('password') }),
    onDeleted,
    (field) => ({ password: passwordError(field('password')) }),
  );
  return (
    <form method="post" className="auth-form" noValidate onSubmit={onSubmit} onInput={onInput}>
      {/* Tells a password manager whose password it is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <AuthField
        label={translate({
          id: 'theme.auth.field.password',
          message: 'Password',
          description: 'The label of a field',
        })}
        name="password"
        type="password"
        autoComplete="current-password"
        error={errors.password}
      />
      <AuthFailure {...{ refusal, secondsLeft }} />
      <AuthSubmit kind="danger" isBusy={isBusy} isWaiting={secondsLeft > 0}>
        {isBusy ? (
          <Translate
            id="theme.auth.deleteAccount.busy"
            description="The button while the answer is awaited"
          >
            Deleting…
          </Translate>
        ) : (
          <Translate
            id="theme.auth.deleteAccount.submit"
            description="The button that deletes the account"
          >
            Delete for good
          </Translate>
        )}
      </AuthSubmit>
    </form>
  );
}
