/**
 * The provider is not enough to sign in: it passed on no e-mail address, has not confirmed it, or an account with the address
 * exists. The visitor proves the address by its password or by mail.
 */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthCheckMail from '@theme/AuthCheckMail';
import AuthForgotPasswordLink from '@theme/AuthForgotPasswordLink';
import AuthForm from '@theme/AuthForm';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthProviderProof';
import {
  done,
  emailError,
  explainRedirect,
  passwordError,
  redirectReasonOf,
  useFinishRedirect,
  useForm,
  useProviderLabel,
  useRedirectSignIn,
  useSession,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthProviderProof({ code, reason, next }: Props): ReactNode {
  const label = useProviderLabel(useRedirectSignIn().current()?.provider);
  const session = useSession();
  const [isMailed, setMailed] = useState(false);
  const [ended, setEnded] = useState<Refusal>();
  if (ended) {
    const message = ended.reason === 'cookie_refused' ? ended.message : undefined;
    return <AuthRedirectRefused reason={redirectReasonOf(ended)} message={message} />;
  }
  if (isMailed) {
    // The link may have been opened in another tab of this browser.
    if (session.status === 'signedIn') return <AuthAlreadySignedIn user={session.user} />;
    return <AuthCheckMail email="" message={mailed()} />;
  }
  const isAsked = next.email === true;
  const canMail = next.mail === true || isAsked;
  return (
    <div className="auth-form">
      <p role="status">{explainRedirect(reason, label).message}</p>
      {next.password === true && <PasswordForm code={code} onEnded={setEnded} />}
      {next.password === true && canMail && (
        <p className="auth-divider auth-muted">
          <Translate id="theme.auth.or" description="Between two ways to sign in">
            or
          </Translate>
        </p>
      )}
      {canMail && (
        <MailForm {...{ code, isAsked }} onEnded={setEnded} onMailed={() => setMailed(true)} />
      )}
    </div>
  );
}

interface FormProps {
  readonly code: string;
  /** The code can no longer be redeemed. */
  readonly onEnded: (refusal: Refusal) => void;
}

function PasswordForm({ code, onEnded }: FormProps): ReactNode {
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  const form = useForm(
    async (field) => {
      const outcome = await redirect.redeem({ code, password: field('password') });
      if (outcome.ok) finish(outcome.value?.path);
      else if (redirectReasonOf(outcome) !== undefined) onEnded(outcome);
      return outcome.ok ? done : outcome;
    },
    () => undefined,
    (field) => ({ password: passwordError(field('password')) }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.proof.submit',
        message: 'Confirm with the password',
        description: 'The button that links a provider to an account, with the password of it',
      })}
      busyLabel={translate({
        id: 'theme.auth.proof.busy',
        message: 'Signing in…',
        description: 'The button while the request is pending',
      })}
      footer={<AuthForgotPasswordLink />}
    >
      <AuthUserField kind="password" error={form.errors.password} />
    </AuthForm>
  );
}

interface MailProps extends FormProps {
  /** Whether the visitor enters the address: the provider gave none. */
  readonly isAsked: boolean;
  readonly onMailed: () => void;
}

function MailForm({ code, isAsked, onEnded, onMailed }: MailProps): ReactNode {
  const redirect = useRedirectSignIn();
  const form = useForm(
    async (field) => {
      const email = field('email').trim();
      const outcome = await redirect.requestProof({ code, ...(isAsked && { email }) });
      if (!outcome.ok && redirectReasonOf(outcome) !== undefined) onEnded(outcome);
      return outcome;
    },
    onMailed,
    (field) => (isAsked ? { email: emailError(field('email')) } : {}),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.proof.mail',
        message: 'Confirm by mail',
        description: 'The button that mails a link which confirms the e-mail address',
      })}
      busyLabel={translate({
        id: 'theme.auth.proof.mailBusy',
        message: 'Sending…',
        description: 'The button while the request is pending',
      })}
    >
      {isAsked && <AuthUserField kind="email" error={form.errors.email} />}
    </AuthForm>
  );
}

/** The same for every address: it must not reveal who has an account. */
const mailed = () =>
  translate({
    id: 'theme.auth.proof.mailed',
    message: 'A mail with a link is on its way. Open the link in this browser to sign in.',
    description: 'After a link that confirms the e-mail address was mailed',
  });
