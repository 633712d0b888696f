/** A labelled input or list of choices with an optional hint and error message. */
import { useId, useRef, type ReactNode } from 'react';
import AuthPasswordToggle from '@theme/AuthPasswordToggle';
import type { Props } from '@theme/AuthField';

export default function AuthField(props: Props): ReactNode {
  const { label, hint, error, showLabel, choices, ...input } = props;
  const id = useId();
  const ref = useRef<HTMLInputElement>(null);
  const [hintId, errorId] = [`${id}-hint`, `${id}-error`];
  const described = [hint && hintId, error && errorId].filter(Boolean).join(' ');
  const { name, required = true, defaultValue } = input;
  const shared = {
    id,
    'aria-invalid': error !== undefined,
    'aria-describedby': described || undefined,
  };
  const isText = ['password', 'email'].includes(input.type ?? '');
  return (
    <div className="auth-field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <small id={hintId} className="auth-muted">
          {hint}
        </small>
      )}
      <div className="auth-input">
        {choices ? (
          <select {...shared} {...{ name, required, defaultValue }}>
            {['', ...choices].map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        ) : (
          <input
            ref={ref}
            {...shared}
            // Auto-capitalization and auto-correction would change an address or a password.
            {...(isText && { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false })}
            {...(input.type === 'email' && { inputMode: 'email' as const })}
            {...input}
            required={required}
          />
        )}
        {input.type === 'password' && (
          <AuthPasswordToggle input={ref} inputId={id} label={showLabel} />
        )}
      </div>
      {error && (
        <p id={errorId} className="auth-error">
          <ErrorIcon />
          {error}
        </p>
      )}
    </div>
  );
}

/** An error must not be marked by colour only (WCAG 1.4.1). */
function ErrorIcon(): ReactNode {
  return (
    <svg className="auth-icon" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="10" />
      <path d="M12 7v6M12 16.5v.5" />
    </svg>
  );
}
