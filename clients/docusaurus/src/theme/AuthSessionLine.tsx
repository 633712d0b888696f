/** One session of the list: the device, when it was used, and a button to end it. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import type { Props } from '@theme/AuthSessionLine';
import { describeDevice, shortAddress, type Session } from 'docusaurus-plugin-auth-service/client';

export default function AuthSessionLine(props: Props): ReactNode {
  const { session, isCurrent, isLastUsed, onRevoke } = props;
  const format = useTimeFormat();
  return (
    <li>
      <div>
        <bdi>{describeDevice(session.userAgent)}</bdi>
        {isCurrent && <Badge>{thisBrowser()}</Badge>}
        {isLastUsed && <Badge>{lastUsed()}</Badge>}
        <small className="auth-muted auth-session-times">
          <Times session={session} format={format} isCurrent={isCurrent} />
        </small>
      </div>
      {!isCurrent && (
        <RevokeButton
          session={session}
          onRevoke={onRevoke}
          since={format.moment(session.createdAt)}
        />
      )}
    </li>
  );
}

interface Format {
  readonly moment: (time: Date) => string;
  readonly day: (time: Date) => string;
}

interface TimesProps {
  readonly session: Session;
  readonly format: Format;
  readonly isCurrent: boolean;
}

function Times({ session, format, isCurrent }: TimesProps): ReactNode {
  const address = shortAddress(session.ipAddress);
  return (
    <>
      <Translate
        id="theme.auth.sessions.since"
        description="In the list of sessions: when this device signed in"
        values={{
          time: (
            <time dateTime={session.createdAt.toISOString()}>
              {format.moment(session.createdAt)}
            </time>
          ),
        }}
      >
        {'Signed in {time}'}
      </Translate>
      {!isCurrent && (
        <>
          <br />
          <Translate
            id="theme.auth.sessions.used"
            description="In the list of sessions: the day on which this device was last used, or the day before"
            values={{
              time: (
                <time dateTime={session.updatedAt.toISOString()}>
                  {format.day(session.updatedAt)}
                </time>
              ),
            }}
          >
            {'Last used around {time}'}
          </Translate>
        </>
      )}
      {address && (
        <>
          <br />
          <bdi>{address}</bdi>
        </>
      )}
    </>
  );
}

interface RevokeProps {
  readonly session: Session;
  readonly since: string;
  readonly onRevoke: (session: Session) => Promise<void>;
}

function RevokeButton({ session, since, onRevoke }: RevokeProps): ReactNode {
  const [isBusy, setBusy] = useState(false);

  async function revoke(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await onRevoke(session).finally(() => setBusy(false));
  }

  const name = translate(
    {
      id: 'theme.auth.sessions.revokeName',
      message: 'Sign out {device}, signed in {time}',
      description: 'Label of the button that ends one session, for screen readers',
    },
    { device: describeDevice(session.userAgent), time: since },
  );
  return (
    <button
      type="button"
      className="button auth-button"
      aria-label={name}
      aria-busy={isBusy}
      onClick={revoke}
    >
      <Translate id="theme.auth.sessions.revoke" description="The button that ends one session">
        Sign out
      </Translate>
    </button>
  );
}

function Badge({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      {' '}
      <span className="auth-badge">{children}</span>
    </>
  );
}

const thisBrowser = () =>
  translate({
    id: 'theme.auth.sessions.current',
    message: 'This browser',
    description: 'Marks the session of this browser',
  });

const lastUsed = () =>
  translate({
    id: 'theme.auth.sessions.lastUsed',
    message: 'Last used',
    description: 'Marks the most recently used of the other sessions',
  });

/** In the language of the site. The service records a session's use once a day, so the hour is unknown. */
function useTimeFormat(): Format {
  const { currentLocale } = useDocusaurusContext().i18n;
  return {
    moment: (time) =>
      time.toLocaleString(currentLocale, { dateStyle: 'medium', timeStyle: 'short' }),
    day: (time) => time.toLocaleDateString(currentLocale, { dateStyle: 'medium' }),
  };
}
