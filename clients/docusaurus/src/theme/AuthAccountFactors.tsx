/** The parts of the account page for a second factor and for passkeys, where the service offers them. */
import type { ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthPasskeys from '@theme/AuthPasskeys';
import AuthSecondFactorSettings from '@theme/AuthSecondFactorSettings';
import { useServiceFeatures } from 'docusaurus-plugin-auth-service/client';

export default function AuthAccountFactors(): ReactNode {
  const features = useServiceFeatures();
  return (
    <>
      {features?.secondFactor && (
        <section>
          <h2>
            <Translate id="theme.auth.account.factors" description="A heading of the account page">
              Second factor
            </Translate>
          </h2>
          <AuthSecondFactorSettings />
        </section>
      )}
      {features?.passkeys && (
        <section>
          <h2>
            <Translate id="theme.auth.account.passkeys" description="A heading of the account page">
              Passkeys
            </Translate>
          </h2>
          <AuthPasskeys />
        </section>
      )}
    </>
  );
}
