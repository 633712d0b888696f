/** The buttons that sign in with a provider; nothing where the service offers none. */
import { useId, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthProviderMark from '@theme/AuthProviderMark';
import {
  useProviderStart,
  useRedirectSignIn,
  useReturnPath,
  useServiceFeatures,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthProviderButtons(): ReactNode {
  const id = useId();
  const path = useReturnPath();
  const { lastProvider } = useRedirectSignIn();
  const { leavingFor, refusal, start } = useProviderStart();
  const providers = useServiceFeatures()?.socialProviders ?? [];
  const [lastUsed] = useState(lastProvider.id);
  if (providers.length === 0) return null;
  return (
    <div className="auth-providers">
      <p className="auth-divider auth-muted">
        <Translate id="theme.auth.or" description="Between two ways to sign in">
          or
        </Translate>
      </p>
      <AuthFailure refusal={refusal} />
      <ul>
        {providers.map((provider) => (
          <li key={provider.id}>
            <button
              type="button"
              className={`button button--block auth-provider auth-provider--${provider.kind}`}
              aria-busy={leavingFor === provider.id}
              aria-describedby={lastUsed === provider.id ? id : undefined}
              onClick={() => start({ purpose: 'signIn', provider: provider.id, path })}
            >
              <AuthProviderMark kind={provider.kind} />
              {continueWith(provider.label)}
            </button>
            {lastUsed === provider.id && (
              <span id={id} className="auth-badge auth-last-used">
                <Translate
                  id="theme.auth.provider.lastUsed"
                  description="Marks the provider with which this browser signed in the last time"
                >
                  Last used
                </Translate>
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const continueWith = (provider: string) =>
  translate(
    {
      id: 'theme.auth.provider.continue',
      message: 'Continue with {provider}',
      description:
        'The button that signs in with a provider. Google and Apple prescribe this wording in every language',
    },
    { provider },
  );
