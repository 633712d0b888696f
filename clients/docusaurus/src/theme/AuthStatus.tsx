/** A notice about the session, if there is one: it ended, or the service cannot be reached. */
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useAuth, useSession } from 'docusaurus-plugin-auth-service/client';

export default function AuthStatus(): ReactNode {
  const state = useSession();
  const problem = 'problem' in state ? state.problem : undefined;
  const notice = 'notice' in state ? state.notice : undefined;
  const message = problem ?? notice;
  const isShown = message !== undefined;
  const kind = problem === undefined ? 'info' : 'warning';
  return (
    <div className={isShown ? `alert alert--${kind} auth-sentence` : undefined}>
      {/* A live region must exist before its text: screen readers announce changes inside it. */}
      <div role="status">
        {state.status === 'loading' && (
          <noscript>
            <p className="alert alert--warning auth-sentence">
              <Translate
                id="theme.auth.status.noScript"
                description="On the pages with a form, without JavaScript"
              >
                Signing in requires JavaScript. The rest of this site works without it.
              </Translate>
            </p>
          </noscript>
        )}
        {isShown && (
          <p>
            {message}
            {problem !== undefined && state.status === 'signedIn' && (
              <>
                {' '}
                <Translate
                  id="theme.auth.status.staySignedIn"
                  description="Follows the message that the service cannot be reached"
                >
                  You stay signed in.
                </Translate>
              </>
            )}
          </p>
        )}
      </div>
      {problem !== undefined && <Retry />}
    </div>
  );
}

function Retry(): ReactNode {
  const auth = useAuth();
  const [isBusy, setBusy] = useState(false);

  async function retry(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await auth.recheck();
    setBusy(false);
  }

  return (
    <button type="button" className="button auth-button" aria-busy={isBusy} onClick={retry}>
      <Translate id="theme.auth.retry" description="The button that repeats a request">
        Try again
      </Translate>
    </button>
  );
}
