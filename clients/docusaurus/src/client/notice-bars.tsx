/** Notices at the bottom of every page: of a sign-in by bearer token, and of a breached password. They can be dismissed. */
import { useState, type ReactNode } from 'react';
import Link from '@docusaurus/Link';
import Translate, { translate } from '@docusaurus/Translate';
import { useAuthOptions, useBearerNotice, usePasswordAdvice } from './hooks.js';

const bottom = { position: 'fixed', insetInline: 0, bottom: 0, zIndex: 200 } as const;

interface Props {
  /** Whether the page is one of this plugin. */
  readonly isOwnPage: boolean;
}

export default function NoticeBars({ isOwnPage }: Props): ReactNode {
  const bearerNotice = useBearerNotice();
  const hasAdvice = usePasswordAdvice();
  return (
    <div style={bottom}>
      <Bar kind="info" id={isOwnPage ? undefined : bearerNotice}>
        {bearerNotice}
      </Bar>
      <Bar kind="warning" id={hasAdvice ? 'breached' : undefined}>
        <BreachedPassword />
      </Bar>
    </div>
  );
}

interface BarProps {
  readonly kind: 'info' | 'warning';
  /** Of what is shown: it is dismissed until another one appears. Nothing is shown without it. */
  readonly id: string | undefined;
  readonly children: ReactNode;
}

function Bar({ kind, id, children }: BarProps): ReactNode {
  const [dismissed, setDismissed] = useState<string>();
  return (
    <div role="status">
      {id !== undefined && id !== dismissed && (
        <div className={`alert alert--${kind}`} style={{ borderRadius: 0 }}>
          <button
            type="button"
            className="clean-btn close"
            aria-label={translate({
              id: 'theme.auth.bearer.close',
              message: 'Close',
              description:
                'Label of the button that dismisses the notice at the bottom of the page',
            })}
            onClick={() => setDismissed(id)}
          >
            <span aria-hidden="true">×</span>
          </button>
          {children}
        </div>
      )}
    </div>
  );
}

function BreachedPassword(): ReactNode {
  const { accountPath } = useAuthOptions();
  return (
    <>
      <Translate
        id="theme.auth.breached.advice"
        description="At the bottom of the page, after a sign-in with a password that is known from a data breach"
      >
        Your password is known from a data breach at another site, so others may try it here.
      </Translate>{' '}
      <Link to={`${accountPath}#change-password`}>
        <Translate
          id="theme.auth.breached.link"
          description="The link to the form that changes the password"
        >
          Change your password
        </Translate>
      </Link>
    </>
  );
}
