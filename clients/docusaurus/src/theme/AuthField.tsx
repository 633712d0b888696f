/** One labelled input. */
import { useId, type ReactNode } from 'react';
import type { Props } from '@theme/AuthField';

export default function AuthField({ label, hint, ...input }: Props): ReactNode {
  const id = useId();
  return (
    <div className="auth-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} required aria-describedby={hint && `${id}-hint`} {...input} />
      {hint && (
        <small id={`${id}-hint`} className="auth-muted">
          {hint}
        </small>
      )}
    </div>
  );
}
