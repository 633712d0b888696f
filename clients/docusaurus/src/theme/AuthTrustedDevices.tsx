/** The browsers that are not asked for the second factor, each with a button that ends this. */
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import AuthFailure from '@theme/AuthFailure';
import AuthListButton from '@theme/AuthListButton';
import {
  useFactors,
  type Refusal,
  type TrustedDevice,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthTrustedDevices(): ReactNode {
  const factors = useFactors();
  const { currentLocale } = useDocusaurusContext().i18n;
  const [devices, setDevices] = useState<readonly TrustedDevice[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const list = useRef<HTMLUListElement>(null);

  const reload = useCallback(async () => {
    const outcome = await factors.trustedDevices();
    if (outcome.ok) setDevices(outcome.value);
    setRefusal(outcome.ok ? undefined : outcome);
  }, [factors]);
  useEffect(() => void reload(), [reload]);

  /** @param device all of them without it */
  async function revoke(device?: TrustedDevice): Promise<void> {
    const outcome = device
      ? await factors.revokeTrustedDevice(device)
      : await factors.revokeTrustedDevices();
    if (!outcome.ok) {
      setRefusal(outcome);
      return;
    }
    list.current?.focus(); // the button that had the focus is gone
    await reload();
  }

  return (
    <>
      <h3>
        <Translate id="theme.auth.trusted.title" description="A heading of the account page">
          Trusted devices
        </Translate>
      </h3>
      <AuthFailure refusal={refusal} />
      {devices?.length === 0 && (
        <p className="auth-muted">
          <Translate id="theme.auth.trusted.none" description="If no device is trusted">
            None: every sign-in asks for the second proof.
          </Translate>
        </p>
      )}
      <ul ref={list} tabIndex={-1} className="auth-sessions" aria-busy={devices === undefined}>
        {devices?.map((device) => (
          <li key={device.id}>
            <div>
              <bdi>{nameOf(device)}</bdi>
              {device.current && (
                <>
                  {' '}
                  <span className="auth-badge">{thisBrowser()}</span>
                </>
              )}
              <small className="auth-muted auth-session-times">
                <Translate
                  id="theme.auth.trusted.since"
                  description="In the list of trusted devices"
                  values={{ date: dateOf(device.createdAt, currentLocale) }}
                >
                  {'Trusted since {date}'}
                </Translate>
              </small>
            </div>
            <AuthListButton
              label={translate({
                id: 'theme.auth.trusted.revoke',
                message: 'Remove',
                description: 'The button that ends the trust in a device',
              })}
              name={revokeName(nameOf(device))}
              onClick={() => revoke(device)}
            />
          </li>
        ))}
      </ul>
      {devices !== undefined && devices.length > 1 && (
        <p className="auth-actions">
          <AuthListButton label={revokeAll()} name={revokeAll()} onClick={() => revoke()} />
        </p>
      )}
    </>
  );
}

function nameOf({ browser }: TrustedDevice): string {
  return browser && browser !== 'unknown' ? browser : unknown();
}

function dateOf(date: string | Date, locale: string): string {
  return new Date(date).toLocaleDateString(locale, { dateStyle: 'medium' });
}

const unknown = () =>
  translate({
    id: 'theme.auth.trusted.unknown',
    message: 'An unknown browser',
    description: 'In the list of trusted devices',
  });

const thisBrowser = () =>
  translate({
    id: 'theme.auth.sessions.current',
    message: 'This browser',
    description: 'Marks the session of this browser',
  });

const revokeAll = () =>
  translate({
    id: 'theme.auth.trusted.revokeAll',
    message: 'Remove all trusted devices',
    description: 'The button that ends the trust in all devices',
  });

const revokeName = (device: string) =>
  translate(
    {
      id: 'theme.auth.trusted.revokeName',
      message: 'Remove {device}',
      description: 'Label of the button that ends the trust in a device, for screen readers',
    },
    { device },
  );
