/** After a mailed link was redeemed: what was done, and whether this browser is signed in. */
import { useEffect, useRef, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAlreadySignedIn from '@theme/AuthAlreadySignedIn';
import AuthMessage from '@theme/AuthMessage';
import type { Props } from '@theme/AuthRedeemed';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import {
  pendingFactor,
  secondFactorDueCode,
  useAuthOptions,
  useSession,
  type MailedLink,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthRedeemed({ purpose, redeemed }: Props): ReactNode {
  const { signInPath } = useAuthOptions();
  const session = useSession();
  const { signIn } = redeemed;
  const isPending = pendingFactor(session) !== undefined;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.focus(), []); // the form that had the focus is gone
  return (
    <div ref={element} tabIndex={-1} className="auth-mail">
      {purpose !== 'magic_link' && <AuthMessage kind="success" message={messageFor(purpose)} />}
      {/* The change is made although the browser is not signed in. */}
      {!signIn.ok && signIn.code !== secondFactorDueCode && (
        <AuthMessage message={signIn.message} />
      )}
      {/* Once it is finished, the session is the one to show. */}
      {isPending && <AuthSecondFactor onDone={() => undefined} />}
      {session.status === 'signedIn' && <AuthAlreadySignedIn user={session.user} />}
      {session.status === 'signedOut' && !isPending && (
        <Link className="button button--primary" to={signInPath}>
          <Translate id="theme.auth.signIn.link" description="The link to the sign-in page">
            Sign in
          </Translate>
        </Link>
      )}
    </div>
  );
}

function messageFor(purpose: MailedLink['purpose']): string {
  if (purpose === 'change_email' || purpose === 'delete_account') return changesDone[purpose]();
  return purpose === 'verify_email' ? confirmed() : passwordSaved();
}

const confirmed = () =>
  translate({
    id: 'theme.auth.confirm.done',
    message: 'Your e-mail address is confirmed.',
    description: 'After an e-mail address was confirmed',
  });

const passwordSaved = () =>
  translate({
    id: 'theme.auth.reset.done',
    message: 'Your new password is saved, and your other devices were signed out.',
    description: 'After a forgotten password was replaced',
  });

const changesDone = {
  change_email: () =>
    translate({
      id: 'theme.auth.changeEmail.done',
      message: 'Your e-mail address was changed.',
      description: 'After the e-mail address was changed',
    }),
  delete_account: () =>
    translate({
      id: 'theme.auth.deleteByMail.done',
      message: 'The deletion is confirmed. A mail says what happens next.',
      description: 'After a deletion was confirmed with a mailed link',
    }),
};
