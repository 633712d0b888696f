/** One sentence about the session, where there is one to say: it ended, or the service cannot be asked. */
import { useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import { useAuth, useSession } from 'docusaurus-plugin-auth-service/client';

export default function AuthStatus(): ReactNode {
  const state = useSession();
  const problem = 'problem' in state ? state.problem : undefined;
  const notice = 'notice' in state ? state.notice : undefined;
  const sentence = problem ?? notice;
  const isShown = sentence !== undefined;
  const kind = problem === undefined ? 'info' : 'warning';
  return (
    <div className={isShown ? `alert alert--${kind} auth-sentence` : undefined}>
      {/* The element is there before its text is: screen readers announce what changes inside it. */}
      <div role="status">
        {state.status === 'loading' && (
          <noscript>
            <p className="alert alert--warning auth-sentence">
              <Translate
                id="theme.auth.status.noScript"
                description="What readers without JavaScript read on the pages with a form"
              >
                Signing in needs JavaScript. The rest of this site can be read without.
              </Translate>
            </p>
          </noscript>
        )}
        {isShown && (
          <p>
            {sentence}
            {problem !== undefined && state.status === 'signedIn' && (
              <>
                {' '}
                <Translate
                  id="theme.auth.status.staySignedIn"
                  description="Follows the sentence that the service cannot be asked"
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
      <Translate id="theme.auth.retry" description="The button that asks the service once more">
        Try again
      </Translate>
    </button>
  );
}
