/** Signs in with a magic link. The service redeems it only in the browser that asked, so a mail scanner uses up nothing. */
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import type { Props } from '@theme/AuthMagicLink';
import { isLinkRefusal, useAuth, useRedeemOnce } from 'docusaurus-plugin-auth-service/client';

export default function AuthMagicLink({ token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const { refusal, retry } = useRedeemOnce(() => auth.redeemMagicLink({ token }), onRedeemed);

  if (refusal === undefined) {
    return (
      <p role="status">
        <Translate id="theme.auth.magicLink.busy" description="While a magic link is redeemed">
          Signing you in…
        </Translate>
      </p>
    );
  }
  if (isLinkRefusal(refusal) || refusal.code === 'LINK_WRONG_BROWSER')
    return <AuthLinkRefused refusal={refusal} />;
  return <AuthFailure refusal={refusal} onRetry={retry} />;
}
