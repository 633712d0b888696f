/** What a visitor can do after a visit to a provider that signed nobody in. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import type { Props } from '@theme/AuthNextSteps';
import {
  useAuthOptions,
  useProviderStart,
  withReturnPath,
  type NextStep,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthNextSteps({ steps, flow }: Props): ReactNode {
  const { signInPath, signUpPath, accountPath } = useAuthOptions();
  const { leavingFor, refusal, start } = useProviderStart();
  const isLink = flow?.purpose === 'link';
  const keepPath = (to: string) => (flow && !isLink ? withReturnPath(to, flow.path) : to);

  /** Without a flow it is unknown which provider to try again; with an account, signing in is not the point. */
  function adapt(step: NextStep): NextStep {
    if (step === 'password' && isLink) return 'account';
    return flow === undefined && (step === 'retry' || step === 'password') ? 'signIn' : step;
  }

  const links = {
    password: { to: keepPath(signInPath), label: withPassword() },
    signIn: { to: keepPath(signInPath), label: signIn() },
    signUp: { to: keepPath(signUpPath), label: signUp() },
    account: { to: accountPath, label: account() },
  };
  return (
    <>
      <p className="auth-actions">
        {Array.from(new Set(steps.map(adapt)), (step, position) => {
          const className = `button ${position === 0 ? 'button--primary' : 'auth-button'}`;
          return step === 'retry' ? (
            <button
              key={step}
              type="button"
              className={className}
              aria-busy={leavingFor !== undefined}
              onClick={() => flow && start(flow)}
            >
              {retry()}
            </button>
          ) : (
            <Link key={step} className={className} to={links[step].to}>
              {links[step].label}
            </Link>
          );
        })}
      </p>
      <AuthFailure refusal={refusal} />
    </>
  );
}

const retry = () =>
  translate({
    id: 'theme.auth.retry',
    message: 'Try again',
    description: 'The button that repeats a request',
  });

const withPassword = () =>
  translate({
    id: 'theme.auth.redirect.usePassword',
    message: 'Use your password',
    description: 'Leads to the sign-in page after a sign-in with a provider failed',
  });

const signIn = () =>
  translate({
    id: 'theme.auth.signIn.link',
    message: 'Sign in',
    description: 'The link to the sign-in page',
  });

const signUp = () =>
  translate({
    id: 'theme.auth.signUp.link',
    message: 'Sign up',
    description: 'The link to the sign-up page',
  });

const account = () =>
  translate({
    id: 'theme.auth.account.link',
    message: 'Your account',
    description: 'Leads to the account page',
  });
