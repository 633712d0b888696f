/** Finishes a sign-in with a provider by a mailed link, in the browser that asked for it. */
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import AuthRedirectRefused from '@theme/AuthRedirectRefused';
import type { Props } from '@theme/AuthConfirmProvider';
import AuthSecondFactor from '@theme/AuthSecondFactor';
import {
  isLinkRefusal,
  redirectReasonOf,
  secondFactorDueCode,
  useFinishRedirect,
  useRedeemOnce,
  useRedirectSignIn,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthConfirmProvider({ token }: Props): ReactNode {
  const redirect = useRedirectSignIn();
  const finish = useFinishRedirect();
  const { refusal, retry } = useRedeemOnce(
    () => redirect.confirm({ token }),
    (flow) => finish(flow?.path),
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
  if (isLinkRefusal(refusal) || refusal.code === 'LINK_WRONG_BROWSER')
    return <AuthLinkRefused refusal={refusal} />;
  const reason = redirectReasonOf(refusal);
  if (reason === undefined || reason === 'service_unavailable')
    return <AuthFailure refusal={refusal} onRetry={retry} />;
  const message = reason === 'cookie_refused' ? refusal.message : undefined;
  return <AuthRedirectRefused {...{ reason, message }} />;
}
