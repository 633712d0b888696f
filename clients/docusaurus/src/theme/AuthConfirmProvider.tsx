/** Finishes a sign-in with a provider by a mailed link, in the browser that asked for it. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import type { Props } from '@theme/AuthConfirmProvider';
import {
  isLinkRefusal,
  redirectReasonOf,
  useFinishRedirect,
  useRedirectSignIn,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmProvider({ token }: Props): ReactNode {
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  const [refusal, setRefusal] = useState<Refusal>();
  const isSent = useRef(false); // React runs effects twice in development

  async function redeem(): Promise<void> {
    setRefusal(undefined);
    const outcome = await redirect.confirm({ token });
    if (outcome.ok) finish(outcome.value?.path);
    else setRefusal(outcome);
  }

  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    void redeem();
  }, []); // once for each link: the page mounts this component anew for another one

  if (refusal === undefined) {
    return (
      <p role="status">
        <Translate id="theme.auth.redirect.busy" description="While a sign-in is finished">
          Signing you in…
        </Translate>
      </p>
    );
  }
  if (isLinkRefusal(refusal) || refusal.code === 'LINK_WRONG_BROWSER')
    return <AuthLinkRefused refusal={refusal} />;
  const reason = redirectReasonOf(refusal);
  if (reason === undefined || reason === 'service_unavailable')
    return <AuthFailure refusal={refusal} onRetry={() => void redeem()} />;
  const message = reason === 'cookie_refused' ? refusal.message : undefined;
  return <AuthRedirectRefused {...{ reason, message }} />;
}
