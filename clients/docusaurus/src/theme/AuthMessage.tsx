/** A sentence about what the visitor just did. Screen readers announce it when it appears. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/AuthMessage';

export default function AuthMessage({ message, kind = 'failure', children }: Props): ReactNode {
  const color = kind === 'failure' ? 'danger' : 'success';
  const isShown = message !== undefined;
  return (
    <div className={isShown ? `alert alert--${color} auth-sentence` : undefined}>
      {/* There before its text is, and apart from the buttons, which are not announced again with it. */}
      <div role={kind === 'failure' ? 'alert' : 'status'}>{isShown && <p>{message}</p>}</div>
      {isShown && children}
    </div>
  );
}
