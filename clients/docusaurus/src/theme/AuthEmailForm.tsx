/** The form that changes the e-mail address: nothing changes until the link in the new mailbox is opened. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthField from '@theme/AuthField';
import AuthForm from '@theme/AuthForm';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthEmailForm';
import { emailError, passwordError, useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthEmailForm({ email }: Props): ReactNode {
  const auth = useAuth();
  const [mailedTo, setMailedTo] = useState<string>();
  const form = useForm(
    async (field) => {
      setMailedTo(undefined);
      const newEmail = field('new-email').trim();
      const password = field('password');
      const outcome = await auth.changeEmail({ newEmail, ...(password !== '' && { password }) });
      // The service knows whether the account has a password.
      const missing = passwordError(password);
      const isMissing = !outcome.ok && outcome.code === 'INVALID_PASSWORD' && missing;
      return isMissing ? { ...outcome, message: missing } : outcome;
    },
    (element) => {
      setMailedTo((element.elements.namedItem('new-email') as HTMLInputElement).value.trim());
      element.reset();
    },
    (field) => ({
      'new-email': emailError(field('new-email')),
    }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.email.submit',
        message: 'Change the address',
        description: 'The button that asks for a change of the e-mail address',
      })}
      busyLabel={translate({
        id: 'theme.auth.email.busy',
        message: 'Sending…',
        description: 'The button while the request is pending',
      })}
      success={mailedTo === undefined ? undefined : mailed(mailedTo)}
    >
      {/* For password managers: the account that the password belongs to. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <AuthField
        label={translate({
          id: 'theme.auth.field.newEmail',
          message: 'New e-mail address',
          description: 'The label of a field',
        })}
        name="new-email"
        type="email"
        autoComplete="email"
        error={form.errors['new-email']}
      />
      <AuthUserField
        kind="password"
        required={false}
        hint={translate({
          id: 'theme.auth.email.passwordHint',
          message: 'Leave it empty if your account has none, within ten minutes of signing in.',
          description: 'Below the label of the password in the form for another e-mail address',
        })}
        error={form.errors.password}
      />
    </AuthForm>
  );
}

/** The same for every address: it must not reveal who has an account. */
const mailed = (email: string) =>
  translate(
    {
      id: 'theme.auth.email.mailed',
      message:
        'A mail with a link is on its way to {email}. Your address changes when you open it there.',
      description: 'After a change of the e-mail address was requested',
    },
    { email },
  );
