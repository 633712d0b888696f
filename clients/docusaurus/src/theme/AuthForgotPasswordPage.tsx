/** The page that mails a link with which a forgotten password is replaced. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthCheckMail from '@theme/AuthCheckMail';
import AuthForm from '@theme/AuthForm';
import AuthMessage from '@theme/AuthMessage';
import AuthPage from '@theme/AuthPage';
import AuthSwitchLink from '@theme/AuthSwitchLink';
import AuthUserField from '@theme/AuthUserField';
import {
  emailError,
  useAuth,
  useAuthOptions,
  useForm,
  useServiceFeatures,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthForgotPasswordPage(): ReactNode {
  const [email, setEmail] = useState<string>();
  return (
    <AuthPage
      page="forgotPassword"
      title={translate({
        id: 'theme.auth.forgot.title',
        message: 'Forgot your password?',
        description: 'The heading of the page that mails a link to choose a new password',
      })}
      description={translate({
        id: 'theme.auth.forgot.description',
        message: 'Receive a link to choose a new password.',
        description: 'The meta description of that page',
      })}
    >
      {email === undefined ? (
        <EmailForm onSent={setEmail} />
      ) : (
        <AuthCheckMail email={email} message={sent(email)}>
          <BackToSignInLink />
        </AuthCheckMail>
      )}
    </AuthPage>
  );
}

function EmailForm({ onSent }: { readonly onSent: (email: string) => void }): ReactNode {
  const auth = useAuth();
  const features = useServiceFeatures();
  const form = useForm(
    (field) => auth.requestPasswordReset({ email: field('email').trim() }),
    (element) => onSent((element.elements.namedItem('email') as HTMLInputElement).value.trim()),
    (field) => ({ email: emailError(field('email')) }),
  );
  // While it is unknown what the service offers, the form is shown: its response says what is wrong.
  if (features !== undefined && !features.passwordReset) {
    return (
      <>
        <AuthMessage message={notOffered()} />
        <BackToSignInLink />
      </>
    );
  }
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.forgot.submit',
        message: 'Send me a link',
        description: 'The button that mails a link to choose a new password',
      })}
      busyLabel={translate({
        id: 'theme.auth.forgot.busy',
        message: 'Sending…',
        description: 'The button while the request is pending',
      })}
      footer={<BackToSignInLink />}
    >
      <AuthUserField kind="email" error={form.errors.email} />
    </AuthForm>
  );
}

function BackToSignInLink(): ReactNode {
  const { signInPath } = useAuthOptions();
  return (
    <AuthSwitchLink
      to={signInPath}
      question={translate({
        id: 'theme.auth.forgot.remembered',
        message: 'Do you know your password?',
        description: 'Followed by the link to the sign-in page',
      })}
    >
      {translate({
        id: 'theme.auth.signIn.link',
        message: 'Sign in',
        description: 'The link to the sign-in page',
      })}
    </AuthSwitchLink>
  );
}

/** The same for every address: it must not reveal who has an account. */
const sent = (email: string) =>
  translate(
    {
      id: 'theme.auth.forgot.sent',
      message:
        'If there is an account with {email}, a mail with a link to choose a new password is on its way.',
      description: 'After a link was requested. It must not reveal whether the account exists',
    },
    { email },
  );

const notOffered = () =>
  translate({
    id: 'theme.auth.forgot.notOffered',
    message:
      'This sign-in service sends no mails, so it cannot replace a forgotten password. Ask the operator of this site.',
    description: 'If the service has no mail transport',
  });
