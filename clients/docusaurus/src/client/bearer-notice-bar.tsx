/** Shows the bearer notice at the bottom of every page. It can be dismissed. */
import { useState, type ReactNode } from 'react';
import { useBearerNotice } from './hooks.js';
import { useLoaded } from './use-loaded.js';

export default function BearerNotice(): ReactNode {
  const notice = useBearerNotice();
  const [dismissed, setDismissed] = useState<string>();
  const close = () => setDismissed(notice);
  const isShown = notice !== undefined && notice !== dismissed;
  const Bar = useLoaded(isShown, () => import('@theme/AuthNoticeBar'), close);
  // A live region must exist before its text.
  return (
    <div role="status">
      {Bar && (
        <Bar kind="info" onClose={close}>
          {notice}
        </Bar>
      )}
    </div>
  );
}
