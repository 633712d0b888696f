/** Signs in with a magic link. The service redeems it only in the browser that asked, so a mail scanner uses up nothing. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthLinkRefused from '@theme/AuthLinkRefused';
import type { Props } from '@theme/AuthMagicLink';
import { isLinkRefusal, useAuth, type Refusal } from 'docusaurus-plugin-auth-service/client';

export default function AuthMagicLink({ token, onRedeemed }: Props): ReactNode {
  const auth = useAuth();
  const [refusal, setRefusal] = useState<Refusal>();
  const isSent = useRef(false); // React runs effects twice in development

  async function redeem(): Promise<void> {
    setRefusal(undefined);
    const outcome = await auth.redeemMagicLink({ token });
    if (outcome.ok) onRedeemed(outcome.value);
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
        <Translate id="theme.auth.magicLink.busy" description="While a magic link is redeemed">
          Signing you in…
        </Translate>
      </p>
    );
  }
  if (isLinkRefusal(refusal) || refusal.code === 'LINK_WRONG_BROWSER')
    return <AuthLinkRefused refusal={refusal} />;
  return <AuthFailure refusal={refusal} onRetry={() => void redeem()} />;
}
