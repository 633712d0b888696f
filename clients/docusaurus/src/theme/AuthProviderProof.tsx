/**
 * The provider is not enough to sign in: it passed on no e-mail address, has not confirmed it, or an account with the address
 * exists. The visitor proves the address by its password or by mail.
 */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthCheckMail from '@theme/AuthCheckMail';
import AuthFailure from '@theme/AuthFailure';
import AuthForgotPasswordLink from '@theme/AuthForgotPasswordLink';
import AuthForm from '@theme/AuthForm';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import AuthUserField from '@theme/AuthUserField';
import type { Props } from '@theme/AuthProviderProof';
import {
  done,
  emailError,
  explainRedirect,
  passwordError,
  redirectReasonOf,
  secondFactorDueCode,
  useAuth,
  useFinishRedirect,
  useForm,
  useProviderLabel,
  useRedirectSignIn,
  useSession,
  type Outcome,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthProviderProof({ code, reason, next }: Props): ReactNode {
  const label = useProviderLabel(useRedirectSignIn().current()?.provider);
  const session = useSession();
  const [isMailed, setMailed] = useState(false);
  const [ended, setEnded] = useState<Refusal>();
  if (ended) return <Ended refusal={ended} />;
  if (isMailed) {
    // The link may have been opened in another tab of this browser.
    if (session.status === 'signedIn') return <AuthAlreadySignedIn user={session.user} />;
    return <AuthCheckMail email="" message={mailed()} />;
  }
  const address = typeof next.address === 'string' ? next.address : undefined;
  const password = next.password === true && (
    <PasswordForm key="password" code={code} address={address} onEnded={setEnded} />
  );
  const mail = next.mail === true && (
    <MailForm
      key="mail"
      code={code}
      isAsked={next.email === true}
      onEnded={setEnded}
      onMailed={() => setMailed(true)}
    />
  );
  const or = password && mail && (
    <p key="or" className="auth-divider auth-muted">
      <Translate id="theme.auth.or" description="Between two ways to sign in">
        or
      </Translate>
    </p>
  );
  const hasAccount = reason === 'account_exists_with_password';
  return (
    <div className="auth-form">
      <p role="status">{explainRedirect(reason, label).message}</p>
      {hasAccount ? [password, or, mail] : [mail, or, password]}
    </div>
  );
}

/** The code can no longer be redeemed, or belongs to another account than the one that signed in. */
function Ended({ refusal }: { readonly refusal: Refusal }): ReactNode {
  const isOther = refusal.next !== undefined;
  const isOwnMessage = isOther || refusal.reason === 'cookie_refused';
  const message = isOther ? otherAccount() : refusal.message;
  return (
    <AuthRedirectRefused
      reason={redirectReasonOf(refusal)}
      message={isOwnMessage ? message : undefined}
    />
  );
}

interface FormProps {
  readonly code: string;
  readonly onEnded: (refusal: Refusal) => void;
}

interface PasswordProps extends FormProps {
  /** What the provider said, to fill in. */
  readonly address: string | undefined;
}

/** Signs in as everywhere, and then links the provider: the limits of a sign-in apply. */
function PasswordForm({ code, address, onEnded }: PasswordProps): ReactNode {
  const auth = useAuth();
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  const [isPending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();

  async function link(): Promise<Outcome> {
    const outcome = await redirect.linkToOwn({ code });
    if (outcome.ok) finish(outcome.value?.path);
    else if (redirectReasonOf(outcome) !== undefined) onEnded(outcome);
    return outcome.ok ? done : outcome;
  }

  async function linkAfterSecondFactor(): Promise<void> {
    const outcome = await link();
    if (!outcome.ok) setRefusal(outcome);
  }

  const form = useForm(
    async (field) => {
      const fields = { email: field('email').trim(), password: field('password') };
      const signedIn = await auth.signIn(fields);
      if (!signedIn.ok && signedIn.code === secondFactorDueCode) {
        setPending(true);
        return done;
      }
      return signedIn.ok ? link() : signedIn;
    },
    () => undefined,
    (field) => ({ email: emailError(field('email')), password: passwordError(field('password')) }),
  );
  if (isPending) {
    return (
      <>
        <AuthSecondFactor onDone={() => void linkAfterSecondFactor()} />
        <AuthFailure refusal={refusal} onRetry={() => void linkAfterSecondFactor()} />
      </>
    );
  }
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.proof.submit',
        message: 'Confirm with the password',
        description: 'The button that signs in, and links a provider to the account',
      })}
      busyLabel={translate({
        id: 'theme.auth.proof.busy',
        message: 'Signing in…',
        description: 'The button while the request is pending',
      })}
      footer={<AuthForgotPasswordLink />}
    >
      <AuthUserField
        kind="email"
        error={form.errors.email}
        {...(address !== undefined && { defaultValue: address })}
      />
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

const otherAccount = () =>
  translate({
    id: 'theme.auth.proof.otherAccount',
    message:
      'You signed in, but nothing was linked: the e-mail address at the provider belongs to another account.',
    description: 'If a visitor proves another account than the one with the address',
  });
