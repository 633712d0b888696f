/** The passkeys of the account: each can be renamed and removed, and one of this device added. */
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthAddPasskey from '@theme/AuthAddPasskey';
import AuthFailure from '@theme/AuthFailure';
import AuthMessage from '@theme/AuthMessage';
import AuthPasskeyLine from '@theme/AuthPasskeyLine';
import { useFactors, type Passkey, type Refusal } from 'docusaurus-plugin-auth-service/client';

export default function AuthPasskeys(): ReactNode {
  const { passkeys } = useFactors();
  const [entries, setEntries] = useState<readonly Passkey[]>();
  const [listRefusal, setListRefusal] = useState<Refusal>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [success, setSuccess] = useState<string>();
  const list = useRef<HTMLUListElement>(null);

  const reload = useCallback(async () => {
    const outcome = await passkeys.list();
    if (outcome.ok) setEntries(outcome.value);
    setListRefusal(outcome.ok ? undefined : outcome);
  }, [passkeys]);
  useEffect(() => void reload(), [reload]);

  async function remove(passkey: Passkey): Promise<void> {
    setSuccess(undefined);
    setRefusal(undefined);
    const outcome = await passkeys.remove(passkey);
    if (!outcome.ok) {
      setRefusal(outcome);
      return;
    }
    setSuccess(removed());
    list.current?.focus(); // the button that had the focus is gone
    await reload();
  }

  async function onAdded(): Promise<void> {
    setRefusal(undefined);
    setSuccess(added());
    await reload();
  }

  return (
    <>
      <p>
        <Translate id="theme.auth.passkeys.explanation" description="Above the list of passkeys">
          A passkey signs in with the lock of your device: a fingerprint, your face or a PIN.
        </Translate>
      </p>
      <AuthFailure refusal={listRefusal} onRetry={() => void reload()} />
      <AuthFailure refusal={refusal} />
      <AuthMessage kind="success" message={success} />
      <ul ref={list} tabIndex={-1} className="auth-sessions" aria-busy={entries === undefined}>
        {entries?.map((passkey) => (
          <AuthPasskeyLine
            key={passkey.id}
            passkey={passkey}
            onRenamed={reload}
            onRemove={remove}
          />
        ))}
      </ul>
      <AuthAddPasskey onAdded={() => void onAdded()} />
    </>
  );
}

const added = () =>
  translate({
    id: 'theme.auth.passkeys.added',
    message: 'The passkey was created: you can sign in with it now.',
    description: 'After a passkey was created',
  });

const removed = () =>
  translate({
    id: 'theme.auth.passkeys.removed',
    message: 'The passkey was removed here. You may delete it on your device as well.',
    description: 'After a passkey was removed from the account',
  });
