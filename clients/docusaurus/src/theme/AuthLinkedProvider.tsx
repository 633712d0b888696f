/** One provider of the list: since when it is linked, and the button that links or unlinks it. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import AuthProviderMark from '@theme/AuthProviderMark';
import type { Props } from '@theme/AuthLinkedProvider';
import type { LinkedAccount } from 'docusaurus-plugin-auth-service/client';

export default function AuthLinkedProvider(props: Props): ReactNode {
  const { provider, accounts, isLeaving, onLink, onUnlink } = props;
  const { currentLocale } = useDocusaurusContext().i18n;
  return (
    <>
      {accounts?.map((account) => (
        <li key={account.id}>
          <Name {...provider}>
            <Translate
              id="theme.auth.providers.since"
              description="In the list of providers: when it was linked"
              values={{ date: formatDate(account.createdAt, currentLocale) }}
            >
              {'Linked since {date}'}
            </Translate>
          </Name>
          <UnlinkButton account={account} label={provider.label} onUnlink={onUnlink} />
        </li>
      ))}
      {!accounts?.length && (
        <li>
          <Name {...provider}>
            {accounts && (
              <Translate
                id="theme.auth.providers.notLinked"
                description="In the list of providers: it is not linked"
              >
                Not linked
              </Translate>
            )}
          </Name>
          {accounts && (
            <button
              type="button"
              className="button auth-button"
              aria-label={linkName(provider.label)}
              aria-busy={isLeaving}
              onClick={onLink}
            >
              <Translate id="theme.auth.providers.link" description="The button that links">
                Link
              </Translate>
            </button>
          )}
        </li>
      )}
    </>
  );
}

interface NameProps {
  readonly kind: string;
  readonly label: string;
  readonly children: ReactNode;
}

function Name({ kind, label, children }: NameProps): ReactNode {
  return (
    <div>
      <AuthProviderMark kind={kind} /> <bdi>{label}</bdi>
      <small className="auth-muted auth-session-times">{children}</small>
    </div>
  );
}

interface UnlinkProps {
  readonly account: LinkedAccount;
  readonly label: string;
  readonly onUnlink: (account: LinkedAccount) => Promise<void>;
}

function UnlinkButton({ account, label, onUnlink }: UnlinkProps): ReactNode {
  const [isBusy, setBusy] = useState(false);

  async function unlink(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await onUnlink(account).finally(() => setBusy(false));
  }

  return (
    <button
      type="button"
      className="button auth-button"
      aria-label={unlinkName(label)}
      aria-busy={isBusy}
      onClick={unlink}
    >
      <Translate id="theme.auth.providers.unlink" description="The button that unlinks a provider">
        Unlink
      </Translate>
    </button>
  );
}

function formatDate(date: string | Date, locale: string): string {
  return new Date(date).toLocaleDateString(locale, { dateStyle: 'medium' });
}

const linkName = (provider: string) =>
  translate(
    {
      id: 'theme.auth.providers.linkName',
      message: 'Link {provider}',
      description: 'Label of the button that links a provider, for screen readers',
    },
    { provider },
  );

const unlinkName = (provider: string) =>
  translate(
    {
      id: 'theme.auth.providers.unlinkName',
      message: 'Unlink {provider}',
      description: 'Label of the button that unlinks a provider, for screen readers',
    },
    { provider },
  );
