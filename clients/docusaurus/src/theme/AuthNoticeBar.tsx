/** A notice at the bottom of the page, with a button that dismisses it. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Props } from '@theme/AuthNoticeBar';

export default function AuthNoticeBar({ kind, onClose, children }: Props): ReactNode {
  return (
    <div className={`alert alert--${kind} auth-bar`}>
      <button
        type="button"
        className="clean-btn close"
        aria-label={translate({
          id: 'theme.auth.bearer.close',
          message: 'Close',
          description: 'Label of the button that dismisses the notice at the bottom of the page',
        })}
        onClick={onClose}
      >
        <span aria-hidden="true">×</span>
      </button>
      {children}
    </div>
  );
}
