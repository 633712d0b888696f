/** One sentence about the session, where there is one to say: it ended, or the service cannot be asked. */
import type { ReactNode } from 'react';
import { useSession } from 'docusaurus-plugin-auth-service/client';

export default function AuthStatus(): ReactNode {
  const state = useSession();
  const problem = 'problem' in state ? state.problem : undefined;
  const notice = 'notice' in state ? state.notice : undefined;
  const sentence = problem ?? notice;
  // The element is there before its text is: screen readers announce what changes inside it.
  return (
    <div role="status">
      {state.status === 'loading' && (
        <noscript>
          <p className="alert alert--warning auth-sentence">
            Signing in needs JavaScript. The rest of this site can be read without.
          </p>
        </noscript>
      )}
      {sentence !== undefined && (
        <p className={`alert alert--${problem === undefined ? 'info' : 'warning'} auth-sentence`}>
          {sentence}
          {problem !== undefined && state.status === 'signedIn' && ' You stay signed in.'}
        </p>
      )}
    </div>
  );
}
