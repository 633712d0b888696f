/** Finishes a visit to a provider: redeems the code that came back, or says why there is none. */
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthProviderProof from '@theme/AuthProviderProof';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import type { Props } from '@theme/AuthRedirect';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import {
  mailedLinks,
  redirectReasonOf,
  secondFactorDueCode,
  useFinishRedirect,
  useRedeemOnce,
  useRedirectSignIn,
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
  const { refusal, retry } = useRedeemOnce(
    () => redirect.redeem({ code }),
    (flow) => {
      // Unless the page has left meanwhile, or shows another link.
      if (mailedLinks.current()?.token === code) finish(flow?.path);
    },
  );

  if (refusal === undefined) {
    return (
      <p role="status">
        <Translate id="theme.auth.redirect.busy" description="While a sign-in is finished">
          Signing you in…
        </Translate>
      </p>
    );
  }
  if (refusal.code === secondFactorDueCode)
    return <AuthSecondFactor onDone={() => finish(redirect.finish()?.path)} />;
  const reason = redirectReasonOf(refusal);
  const { next, requestId } = refusal;
  if (reason !== undefined && next !== undefined && Object.values(next).includes(true))
    return <AuthProviderProof {...{ code, reason, next }} />;
  // An outage uses up nothing: the same code may be redeemed a moment later.
  if (reason === undefined || reason === 'service_unavailable')
    return <AuthFailure refusal={refusal} onRetry={retry} />;
  // The client knows which cookie was refused, and on which site.
  const message = reason === 'cookie_refused' ? refusal.message : undefined;
  return <AuthRedirectRefused {...{ reason, message, requestId }} />;
}
