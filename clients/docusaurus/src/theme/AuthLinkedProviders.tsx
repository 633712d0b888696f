/** The providers with which the user can sign in: linked ones can be unlinked, and others linked. */
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import AuthFailure from '@theme/AuthFailure';
import AuthLinkedProvider from '@theme/AuthLinkedProvider';
import AuthMessage from '@theme/AuthMessage';
import {
  useAuthOptions,
  useProviderStart,
  useRedirectSignIn,
  useServiceFeatures,
  type LinkedAccount,
  type Refusal,
  type SocialProvider,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthLinkedProviders(): ReactNode {
  const redirect = useRedirectSignIn();
  const { accountPath } = useAuthOptions();
  const { socialProviders = [] } = useServiceFeatures() ?? {};
  const { leavingFor, refusal: linkRefusal, start } = useProviderStart();
  const [accounts, setAccounts] = useState<readonly LinkedAccount[]>();
  const [listRefusal, setListRefusal] = useState<Refusal>();
  const [unlinkRefusal, setUnlinkRefusal] = useState<Refusal>();
  const [success, setSuccess] = useState<string>();
  const list = useRef<HTMLUListElement>(null);

  const reload = useCallback(async () => {
    const outcome = await redirect.accounts.list();
    if (outcome.ok) setAccounts(outcome.value);
    setListRefusal(outcome.ok ? undefined : outcome);
  }, [redirect]);
  useEffect(() => void reload(), [reload]);

  useEffect(() => {
    const linked = redirect.takeLinked();
    if (linked !== undefined) setSuccess(linkedMessage(labelOf(linked, socialProviders)));
  }, [redirect]); // once: the visitor came back from the provider

  async function unlink(account: LinkedAccount): Promise<void> {
    setSuccess(undefined);
    setUnlinkRefusal(undefined);
    const outcome = await redirect.accounts.unlink(account);
    if (!outcome.ok) {
      setUnlinkRefusal(outcome);
      return;
    }
    setSuccess(unlinkedMessage(labelOf(account.providerId, socialProviders)));
    setAccounts((previous) => previous?.filter(({ id }) => id !== account.id));
    list.current?.focus(); // the button that had the focus is gone
    await reload();
  }

  return (
    <>
      <AuthFailure refusal={linkRefusal} />
      <AuthFailure refusal={unlinkRefusal} />
      <AuthFailure refusal={listRefusal} onRetry={() => void reload()} />
      <AuthMessage kind="success" message={success} />
      <ul ref={list} tabIndex={-1} className="auth-sessions" aria-busy={accounts === undefined}>
        {withUnoffered(socialProviders, accounts).map((provider) => (
          <AuthLinkedProvider
            key={provider.id}
            provider={provider}
            accounts={accounts?.filter(({ providerId }) => providerId === provider.id)}
            isLeaving={leavingFor === provider.id}
            onLink={() => start({ purpose: 'link', provider: provider.id, path: accountPath })}
            onUnlink={unlink}
          />
        ))}
      </ul>
    </>
  );
}

/** A provider that the service no longer offers can still be unlinked. */
function withUnoffered(
  offered: readonly SocialProvider[],
  accounts: readonly LinkedAccount[] = [],
): readonly SocialProvider[] {
  const ids = new Set(accounts.map(({ providerId }) => providerId));
  for (const { id } of offered) ids.delete(id);
  return [...offered, ...Array.from(ids, (id) => ({ id, label: id, kind: 'oidc' }))];
}

function labelOf(id: string, providers: readonly SocialProvider[]): string {
  return providers.find((provider) => provider.id === id)?.label ?? id;
}

const linkedMessage = (provider: string) =>
  translate(
    {
      id: 'theme.auth.providers.linkedNow',
      message: '{provider} is linked: you can sign in with it now.',
      description: 'After a provider was linked to the account',
    },
    { provider },
  );

const unlinkedMessage = (provider: string) =>
  translate(
    {
      id: 'theme.auth.providers.unlinked',
      message: '{provider} was unlinked: it no longer signs in to this account.',
      description: 'After a provider was unlinked',
    },
    { provider },
  );
