/** Deletes the account: explains what is deleted, and requires the password in a dialog. */
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthDialogButton from '@theme/AuthDialogButton';
import AuthForm from '@theme/AuthForm';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthDeleteAccount';
import {
  passwordError,
  useAuth,
  useForm,
  useServiceFeatures,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthDeleteAccount({ email, onDeleted }: Props): ReactNode {
  const days = useServiceFeatures()?.deleteGraceDays;
  return (
    <>
      <p>
        {days === undefined ? (
          <Translate
            id="theme.auth.deleteAccount.explanation"
            description="Above the button that deletes the account"
          >
            Your name, your e-mail address, your password and all your sessions are deleted
            immediately. This cannot be undone.
          </Translate>
        ) : (
          <Translate
            id="theme.auth.deleteAccount.explanationWithGrace"
            description="Above the button that deletes the account, if that can be called off"
            values={{ days }}
          >
            {
              'Every device is signed out, and everything is deleted after {days} days. Until then you can sign in to keep the account.'
            }
          </Translate>
        )}
      </p>
      <AuthDialogButton
        label={translate({
          id: 'theme.auth.deleteAccount.open',
          message: 'Delete account',
          description: 'The button that opens the dialog to delete the account',
        })}
        title={translate({
          id: 'theme.auth.deleteAccount.question',
          message: 'Delete your account?',
          description: 'The heading of the dialog to delete the account',
        })}
        description={
          days === undefined ? (
            <Translate
              id="theme.auth.deleteAccount.consequence"
              description="In the dialog to delete the account"
              values={{ email: <bdi>{email}</bdi> }}
            >
              {
                'The account of {email} will be deleted permanently, and every device signed out. Enter your password to confirm.'
              }
            </Translate>
          ) : (
            <Translate
              id="theme.auth.deleteAccount.consequenceWithGrace"
              description="In the dialog to delete the account, if that can be called off"
              values={{ email: <bdi>{email}</bdi>, days }}
            >
              {
                'The account of {email} will be deleted after {days} days, and every device signed out now. Enter your password to confirm.'
              }
            </Translate>
          )
        }
      >
        <DeleteForm {...{ email, onDeleted }} />
      </AuthDialogButton>
    </>
  );
}

function DeleteForm({ email, onDeleted }: Props): ReactNode {
  const auth = useAuth();
  const isFinal = useServiceFeatures()?.deleteGraceDays === undefined;
  const form = useForm(
    (field) => auth.deleteAccount({ password: field('password') }),
    onDeleted,
    (field) => ({ password: passwordError(field('password')) }),
  );
  return (
    <AuthForm
      form={form}
      kind="danger"
      label={isFinal ? deletePermanently() : deleteLater()}
      busyLabel={translate({
        id: 'theme.auth.deleteAccount.busy',
        message: 'Deleting…',
        description: 'The button while the request is pending',
      })}
    >
      {/* For password managers: the account that the password belongs to. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <AuthUserField kind="password" error={form.errors.password} />
    </AuthForm>
  );
}

const deletePermanently = () =>
  translate({
    id: 'theme.auth.deleteAccount.submit',
    message: 'Delete permanently',
    description: 'The button that deletes the account',
  });

const deleteLater = () =>
  translate({
    id: 'theme.auth.deleteAccount.submitWithGrace',
    message: 'Delete the account',
    description: 'The button that deletes the account, if that can be called off',
  });
