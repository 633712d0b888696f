/** Tells on whatever page that the sign-in ends with a reload, or that a reload ended it. It can be put away. */
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
  const [putAway, setPutAway] = useState<string>();
  const isShown = notice !== undefined && notice !== putAway;
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
              description: 'Names the button that puts the notice at the lower edge away',
            })}
            onClick={() => setPutAway(notice)}
          >
            <span aria-hidden="true">×</span>
          </button>
          {notice}
        </div>
      )}
    </div>
  );
}
