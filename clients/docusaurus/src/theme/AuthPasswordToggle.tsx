/** Shows and hides the text of a password field. The field keeps its focus and its caret. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Props } from '@theme/AuthPasswordToggle';

export default function AuthPasswordToggle({ input, inputId, label }: Props): ReactNode {
  const [isShown, setShown] = useState(false);
  const caret = useRef<Caret>(null);

  // Set on the element, not as a prop, so that it works with any input.
  useLayoutEffect(() => {
    const element = input.current;
    if (element) element.type = isShown ? 'text' : 'password';
    // Browsers move the caret when the type changes.
    if (element && caret.current) element.setSelectionRange(...caret.current);
    caret.current = null;
  }, [isShown, input]);

  useEffect(() => {
    const element = input.current;
    const { form } = element ?? {};
    const hide = () => setShown(false);
    // A page restored from the back/forward cache would still contain the password.
    function clearRestored(event: PageTransitionEvent) {
      if (!event.persisted) return;
      if (element) element.value = '';
      hide();
    }
    // Browsers would store a submitted text field in their autofill history.
    form?.addEventListener('submit', hide);
    window.addEventListener('pageshow', clearRestored);
    return () => {
      form?.removeEventListener('submit', hide);
      window.removeEventListener('pageshow', clearRestored);
    };
  }, [input]);

  function toggle(): void {
    const element = input.current;
    const hasFocus = element !== null && element === document.activeElement;
    caret.current = hasFocus ? [element.selectionStart ?? 0, element.selectionEnd ?? 0] : null;
    setShown(!isShown);
  }

  const name =
    label ??
    translate({
      id: 'theme.auth.password.show',
      message: 'Show password',
      description: 'Label of the button that shows a password as it is typed',
    });
  return (
    <button
      type="button"
      className="auth-password-toggle"
      aria-label={name}
      aria-pressed={isShown}
      aria-controls={inputId}
      title={name}
      onPointerDown={keepFocus}
      onMouseDown={keepFocus}
      onClick={toggle}
    >
      <svg className="auth-icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7Z" />
        <circle cx="12" cy="12" r="3" />
        {isShown && <path d="m4 4 16 16" />}
      </svg>
    </button>
  );
}

type Caret = readonly [start: number, end: number];

/** Pressing the button would take the focus out of the field, and close the keyboard on a phone. */
function keepFocus(event: { preventDefault(): void }): void {
  event.preventDefault();
}
