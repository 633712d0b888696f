/** Shows the bearer notice at the bottom of every page. It can be dismissed. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import { useBearerNotice } from './hooks.js';

const style = {
  position: 'fixed',
  insetInline: 0,
  bottom: 0,
  zIndex: 200,
  borderRadius: 0,
} as const;

export default function BearerNotice(): ReactNode {
  const notice = useBearerNotice();
  const [dismissed, setDismissed] = useState<string>();
  const isShown = notice !== undefined && notice !== dismissed;
  return (
    <div role="status">
      {isShown && (
        <div className="alert alert--info" style={style}>
          <button
            type="button"
            className="clean-btn close"
            aria-label={translate({
              id: 'theme.auth.bearer.close',
              message: 'Close',
              description:
                'Label of the button that dismisses the notice at the bottom of the page',
            })}
            onClick={() => setDismissed(notice)}
          >
            <span aria-hidden="true">×</span>
          </button>
          {notice}
        </div>
      )}
    </div>
  );
}
