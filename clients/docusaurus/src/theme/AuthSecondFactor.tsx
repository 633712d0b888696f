/**
 * The step after the first factor of a sign-in: a second one is verified, or set up where the service requires one. It
 * is shown for as long as the service waits for it, also after a reload and in another tab.
 */
import { useEffect, useRef, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAddPasskey from '@theme/AuthAddPasskey';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthSecondFactor';
import AuthTotpEnrolment from '@theme/AuthTotpEnrolment';
import AuthVerifyFactor from '@theme/AuthVerifyFactor';
import {
  pendingFactor,
  useAuth,
  useAuthOptions,
  useForm,
  useServiceFeatures,
  useSession,
  type SecondFactorDue,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthSecondFactor({ onDone }: Props): ReactNode {
  const session = useSession();
  const due = pendingFactor(session);
  if (due) return <Step secondFactor={due} onDone={onDone} />;
  // It was not finished in time: the notice of the session says so.
  return session.status === 'signedOut' ? <SignInLink /> : null;
}

interface StepProps extends Props {
  readonly secondFactor: SecondFactorDue;
}

function Step({ secondFactor, onDone }: StepProps): ReactNode {
  const { due, methods } = secondFactor;
  const features = useServiceFeatures();
  const element = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone.
  useEffect(() => {
    const { current } = element;
    (current?.querySelector<HTMLElement>('input[name="code"]') ?? current)?.focus();
  }, []);
  const hasPasskeys = methods?.includes('passkey') ?? features?.passkeys === true;
  return (
    <div ref={element} tabIndex={-1} className="auth-form auth-mail">
      {due === 'verify' ? (
        <AuthVerifyFactor methods={methods} onDone={onDone} />
      ) : (
        <>
          <p>
            <Translate
              id="theme.auth.secondFactor.required"
              description="Above the buttons that set up a second factor during a sign-in"
            >
              This service requires a second factor: set one up to finish signing in.
            </Translate>
          </p>
          {(methods?.includes('totp') ?? true) && <AuthTotpEnrolment onDone={onDone} />}
          {hasPasskeys && <AuthAddPasskey onAdded={onDone} />}
        </>
      )}
      <SomebodyElse />
    </div>
  );
}

/** Ends the sign-in that waits for a second factor. */
function SomebodyElse(): ReactNode {
  const auth = useAuth();
  const { isBusy, refusal, secondsLeft, onSubmit } = useForm(auth.signOut, () => undefined);
  return (
    <form method="post" onSubmit={onSubmit}>
      <button
        type="submit"
        className="button auth-button"
        aria-busy={isBusy}
        aria-disabled={isBusy || secondsLeft > 0}
      >
        {translate({
          id: 'theme.auth.secondFactor.somebodyElse',
          message: 'Sign in as somebody else',
          description: 'The button that ends a sign-in which waits for a second factor',
        })}
      </button>
      <AuthFailure {...{ refusal, secondsLeft }} />
    </form>
  );
}

function SignInLink(): ReactNode {
  const { signInPath } = useAuthOptions();
  return (
    <p className="auth-actions">
      <Link className="button button--primary" to={signInPath}>
        <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
          Sign in
        </Translate>
      </Link>
    </p>
  );
}
