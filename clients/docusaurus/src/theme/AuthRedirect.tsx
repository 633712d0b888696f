/** Finishes a visit to a provider: redeems the code that came back, or says why there is none. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthProviderProof from '@theme/AuthProviderProof';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import type { Props } from '@theme/AuthRedirect';
import {
  mailedLinks,
  redirectReasonOf,
  useFinishRedirect,
  useRedirectSignIn,
  type Refusal,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthRedirect({ result }: Props): ReactNode {
  const { purpose, token, requestId } = result;
  if (purpose === 'auth_code') return <RedeemCode code={token} />;
  return <AuthRedirectRefused reason={token} requestId={requestId} />;
}

/** Without a click: the service redeems the code only for the verifier of this tab, so a foreign link uses up nothing. */
function RedeemCode({ code }: { readonly code: string }): ReactNode {
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  const [refusal, setRefusal] = useState<Refusal>();
  const isSent = useRef(false); // React runs effects twice in development

  async function redeem(): Promise<void> {
    setRefusal(undefined);
    const outcome = await redirect.redeem({ code });
    if (!outcome.ok) setRefusal(outcome);
    // Unless the page has left meanwhile, or shows another link.
    else if (mailedLinks.current()?.token === code) finish(outcome.value?.path);
  }

  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    void redeem();
  }, []); // once for each code: the page mounts this component anew for another one

  if (refusal === undefined) {
    return (
      <p role="status">
        <Translate id="theme.auth.redirect.busy" description="While a sign-in is finished">
          Signing you in…
        </Translate>
      </p>
    );
  }
  const reason = redirectReasonOf(refusal);
  const { next, requestId } = refusal;
  if (reason !== undefined && next !== undefined && Object.values(next).includes(true))
    return <AuthProviderProof {...{ code, reason, next }} />;
  // An outage uses up nothing: the same code may be redeemed a moment later.
  if (reason === undefined || reason === 'service_unavailable')
    return <AuthFailure refusal={refusal} onRetry={() => void redeem()} />;
  // The client knows which cookie was refused, and on which site.
  const message = reason === 'cookie_refused' ? refusal.message : undefined;
  return <AuthRedirectRefused {...{ reason, message, requestId }} />;
}
