/** A visit to a provider that signed nobody in: the reason, and the next steps. */
import { useEffect, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthMessage from '@theme/AuthMessage';
import AuthNextSteps from '@theme/AuthNextSteps';
import type { Props } from '@theme/AuthRedirectRefused';
import {
  explainInterrupted,
  explainRedirect,
  isAlreadyDone,
  useAuth,
  useFinishRedirect,
  useProviderLabel,
  useRedirectSignIn,
  useSession,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthRedirectRefused(props: Props): ReactNode {
  const { reason, requestId } = props;
  const [flow] = useState(useRedirectSignIn().current);
  const label = useProviderLabel(flow?.provider);
  const session = useSession();
  const isDone = useIsDone(reason, flow?.path);
  if (isDone === undefined) {
    return (
      <p role="status">
        <Translate id="theme.auth.redirect.busy" description="While a sign-in is finished">
          Signing you in…
        </Translate>
      </p>
    );
  }
  const { message, steps } =
    reason === undefined ? explainInterrupted(label) : explainRedirect(reason, label);
  const isSignedIn = session.status === 'signedIn' && flow?.purpose !== 'link';
  return (
    <>
      {isDone ? (
        <AuthMessage kind="success" message={alreadyDone()} />
      ) : (
        <AuthMessage message={props.message ?? message} />
      )}
      {isSignedIn && <AuthAlreadySignedIn user={session.user} />}
      {!isSignedIn && <AuthNextSteps steps={steps} flow={flow} />}
      {/* An id of another form may be a text that an attacker put into the link. */}
      {requestId !== undefined && /^[0-9a-f-]{16,64}$/i.test(requestId) && (
        <p className="auth-muted">
          <Translate
            id="theme.auth.redirect.requestId"
            description="Below the reason why a sign-in failed. The operator finds the id in the service's log"
            values={{ id: <code>{requestId}</code> }}
          >
            {'For the operator of this site: request {id}.'}
          </Translate>
        </p>
      )}
    </>
  );
}

/**
 * After the back button, a reload or in a second tab the visitor may be signed in, and then goes on to the page from which
 * the sign-in started.
 * @returns undefined until the service has said who is signed in
 */
function useIsDone(reason: string | undefined, path: string | undefined): boolean | undefined {
  const auth = useAuth();
  const finish = useFinishRedirect();
  const { status } = useSession();
  const [isChecked, setChecked] = useState(!isAlreadyDone(reason));
  const isDone = isAlreadyDone(reason) && status === 'signedIn';
  useEffect(() => {
    if (!isChecked) void auth.recheck().then(() => setChecked(true));
  }, [auth, isChecked]);
  useEffect(() => {
    if (isChecked && isDone && path !== undefined) finish(path);
  }, [isChecked, isDone]);
  return isChecked ? isDone : undefined;
}

const alreadyDone = () =>
  translate({
    id: 'theme.auth.redirect.alreadyDone',
    message: 'This sign-in was already finished: there is nothing left to do.',
    description: 'If a finished sign-in arrives a second time while signed in',
  });
