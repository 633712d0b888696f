/** An error or success message about the visitor's last action. Screen readers announce it when it appears. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/AuthMessage';

export default function AuthMessage({ message, kind = 'failure', children }: Props): ReactNode {
  const color = kind === 'failure' ? 'danger' : 'success';
  const isShown = message !== undefined;
  return (
    <div className={isShown ? `alert alert--${color} auth-sentence` : undefined}>
      {/* A live region must exist before its text. The buttons are outside, so that they are not announced with it. */}
      <div role={kind === 'failure' ? 'alert' : 'status'}>{isShown && <p>{message}</p>}</div>
      {isShown && children}
    </div>
  );
}
