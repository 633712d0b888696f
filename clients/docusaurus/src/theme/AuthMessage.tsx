/** A sentence about what the visitor just did. Screen readers announce it when it appears. */
import type { ReactNode } from 'react';
import type { Props } from '@theme/AuthMessage';

export default function AuthMessage({ message, kind = 'failure' }: Props): ReactNode {
  const color = kind === 'failure' ? 'danger' : 'success';
  return (
    <div role={kind === 'failure' ? 'alert' : 'status'}>
      {message !== undefined && <p className={`alert alert--${color} auth-sentence`}>{message}</p>}
    </div>
  );
}
