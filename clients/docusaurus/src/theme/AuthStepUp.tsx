/** The dialog that asks for a new proof before a sensitive action. Cancelling it leaves the action undone. */
import { useEffect, useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthDialog from '@theme/AuthDialog';
import AuthSignInAgain from '@theme/AuthSignInAgain';
import type { Props } from '@theme/AuthStepUp';
import AuthStepUpForm from '@theme/AuthStepUpForm';
import {
  useAuthOptions,
  useStepUp,
  type StepUpReason,
} from 'docusaurus-plugin-auth-service/client';

/** `password` only renews the sign-in: it adds no second factor. */
const secondFactors: readonly string[] = ['totp', 'backup_code', 'passkey'];

export default function AuthStepUp({ reason }: Props): ReactNode {
  const stepUp = useStepUp();
  const [methods, setMethods] = useState<readonly string[]>();

  useEffect(() => {
    let isStale = false;
    void stepUp.methods().then((outcome) => {
      if (isStale) return;
      if (outcome.ok) setMethods(outcome.value);
      // An older service, or an outage: the action was refused, and its own message says why.
      else stepUp.settle(false);
    });
    return () => {
      isStale = true;
    };
  }, [stepUp]);

  if (methods === undefined) return null;
  const offered =
    reason === 'not_fresh' ? methods : methods.filter((one) => secondFactors.includes(one));
  return (
    // The styles of the pages.
    <div className="auth-page">
      <AuthDialog
        title={translate({
          id: 'theme.auth.stepUp.title',
          message: 'Is it you?',
          description: 'The heading of the dialog before a sensitive action',
        })}
        description={descriptions[reason]()}
        onClose={() => stepUp.settle(false)}
      >
        {offered.length > 0 ? (
          <AuthStepUpForm methods={offered} onProven={() => stepUp.settle(true)} />
        ) : (
          <NoMethod reason={reason} />
        )}
      </AuthDialog>
    </div>
  );
}

/** Nothing that this account has is enough. */
function NoMethod({ reason }: Props): ReactNode {
  const stepUp = useStepUp();
  const { accountPath } = useAuthOptions();
  if (reason === 'not_fresh') return <AuthSignInAgain />;
  return (
    <p>
      <Translate
        id="theme.auth.stepUp.noSecondFactor"
        description="In the dialog before a sensitive action, if the account has no second factor"
      >
        Your account has no second factor yet.
      </Translate>{' '}
      <Link to={accountPath} onClick={() => stepUp.settle(false)}>
        <Translate
          id="theme.auth.stepUp.setUp"
          description="The link to the account page, where a second factor can be set up"
        >
          Set one up on your account page
        </Translate>
      </Link>
    </p>
  );
}

const descriptions: Readonly<Record<StepUpReason, () => string>> = {
  not_fresh: () =>
    translate({
      id: 'theme.auth.stepUp.notFresh',
      message: 'You signed in a while ago. Confirm that it is you to go on.',
      description: 'In the dialog before a sensitive action',
    }),
  aal2_required: () =>
    translate({
      id: 'theme.auth.stepUp.aal2',
      message: 'This needs your second factor.',
      description: 'In the dialog before an action that requires a second factor',
    }),
};
