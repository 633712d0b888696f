/** Signs in with a mailed link or a mailed code instead of a password. */
import { useState, type ReactNode } from 'react';
import { useHistory } from '@docusaurus/router';
import { translate } from '@docusaurus/Translate';
import AuthCheckMail from '@theme/AuthCheckMail';
import AuthField from '@theme/AuthField';
import AuthForm from '@theme/AuthForm';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthSignInByMail';
import {
  codeError,
  emailError,
  useAuth,
  useForm,
  useReturnPath,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSignInByMail({ by }: Props): ReactNode {
  const [email, setEmail] = useState<string>();
  if (email === undefined) return <AddressForm by={by} onSent={setEmail} />;
  if (by === 'link') return <AuthCheckMail email={email} message={linkSent(email)} />;
  return <CodeForm email={email} onRestart={() => setEmail(undefined)} />;
}

function AddressForm({
  by,
  onSent,
}: Props & { readonly onSent: (email: string) => void }): ReactNode {
  const auth = useAuth();
  const form = useForm(
    (field) => {
      const email = field('email').trim();
      return by === 'link' ? auth.requestMagicLink({ email }) : auth.requestEmailCode({ email });
    },
    (element) => onSent((element.elements.namedItem('email') as HTMLInputElement).value.trim()),
    (field) => ({ email: emailError(field('email')) }),
  );
  return (
    <AuthForm
      form={form}
      label={by === 'link' ? sendLink() : sendCode()}
      busyLabel={translate({
        id: 'theme.auth.byMail.busy',
        message: 'Sending…',
        description: 'The button that mails a link or a code, while the request is pending',
      })}
    >
      <AuthUserField kind="email" error={form.errors.email} />
    </AuthForm>
  );
}

interface CodeFormProps {
  readonly email: string;
  readonly onRestart: () => void;
}

function CodeForm({ email, onRestart }: CodeFormProps): ReactNode {
  const auth = useAuth();
  const history = useHistory();
  const returnPath = useReturnPath();
  const form = useForm(
    (field) => auth.signInWithCode({ email, otp: field('otp').replace(/\s/g, '') }),
    // `replace`, so that the Back button does not return to the form.
    () => history.replace(returnPath),
    (field) => ({ otp: codeError(field('otp')) }),
  );
  return (
    <>
      <p role="status">{codeSent(email)}</p>
      <AuthForm
        form={form}
        label={translate({
          id: 'theme.auth.code.submit',
          message: 'Sign in',
          description: 'The button that signs in with a mailed code',
        })}
        busyLabel={translate({
          id: 'theme.auth.code.busy',
          message: 'Signing in…',
          description: 'The button that signs in with a mailed code, while the request is pending',
        })}
      >
        <AuthField
          label={translate({
            id: 'theme.auth.code.field',
            message: 'Code',
            description: 'The label of the field for a mailed code of six digits',
          })}
          name="otp"
          inputMode="numeric"
          autoComplete="one-time-code"
          error={form.errors.otp}
        />
      </AuthForm>
      <p className="auth-actions">
        <button type="button" className="button auth-button" onClick={onRestart}>
          {translate({
            id: 'theme.auth.code.restart',
            message: 'Send a new code',
            description: 'The button that returns to the field for the e-mail address',
          })}
        </button>
      </p>
    </>
  );
}

const sendLink = () =>
  translate({
    id: 'theme.auth.byMail.sendLink',
    message: 'Send me a link',
    description: 'The button that mails a link which signs in',
  });

const sendCode = () =>
  translate({
    id: 'theme.auth.byMail.sendCode',
    message: 'Send me a code',
    description: 'The button that mails a code which signs in',
  });

/** The same for every address: it must not reveal who has an account. */
const linkSent = (email: string) =>
  translate(
    {
      id: 'theme.auth.byMail.linkSent',
      message: 'A mail to {email} is on its way. Open its link in this browser.',
      description: 'After a link that signs in was requested',
    },
    { email },
  );

const codeSent = (email: string) =>
  translate(
    {
      id: 'theme.auth.byMail.codeSent',
      message: 'A mail with a code of six digits is on its way to {email}. Enter it here.',
      description: 'After a code that signs in was requested',
    },
    { email },
  );
