/** The button that sends the mail with the confirmation link again. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthForm from '@theme/AuthForm';
import type { Props } from '@theme/AuthResendMail';
import { useAuth, useForm } from 'docusaurus-plugin-auth-service/client';

export default function AuthResendMail({ email }: Props): ReactNode {
  const auth = useAuth();
  const [isSent, setSent] = useState(false);
  const form = useForm(
    () => {
      setSent(false);
      return auth.sendVerificationEmail({ email });
    },
    () => setSent(true),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.resend.submit',
        message: 'Send a new link',
        description: 'The button that sends the confirmation mail again',
      })}
      busyLabel={translate({
        id: 'theme.auth.resend.busy',
        message: 'Sending…',
        description: 'The button while the request is pending',
      })}
      success={isSent ? sent(email) : undefined}
    />
  );
}

/** The service answers alike for every address, so this must not promise more. */
const sent = (email: string) =>
  translate(
    {
      id: 'theme.auth.resend.sent',
      message:
        'If {email} belongs to an account that is not confirmed yet, a mail with a new link is on its way.',
      description: 'After the confirmation mail was sent again',
    },
    { email },
  );
