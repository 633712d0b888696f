/** A checkbox with its label behind it, and an optional error message. */
import { useId, type ReactNode } from 'react';
import type { Props } from '@theme/AuthCheckbox';

export default function AuthCheckbox({ name, label, error }: Props): ReactNode {
  const id = useId();
  return (
    <div className="auth-field">
      <label className="auth-check">
        <input
          type="checkbox"
          name={name}
          aria-invalid={error !== undefined}
          aria-describedby={error && id}
        />
        <span>{label}</span>
      </label>
      {error && (
        <p id={id} className="auth-error">
          {error}
        </p>
      )}
    </div>
  );
}
