/** A modal confirmation dialog. Escape closes it, and the focus returns to the button that opened it. */
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import type { Props } from '@theme/AuthDialog';

export default function AuthDialog({ title, description, onClose, children }: Props): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    // Safari before 15.4 has no showModal: the dialog is open there, but not modal.
    if (dialog && typeof dialog.showModal === 'function') dialog.showModal();
    else dialog?.setAttribute('open', '');
    dialog?.querySelector<HTMLElement>('input:not([hidden]), .auth-cancel')?.focus();
    return () => {
      if (dialog && typeof dialog.close === 'function') dialog.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      className="auth-dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-description`}
      // Only React closes it, by unmounting it.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation(); // of a dialog in a dialog, only the inner one closes
          onClose();
        }
        if (event.key === 'Tab') keepFocusInside(event);
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-description`}>{description}</p>
      {children}
      <button
        type="button"
        className="button button--block auth-button auth-cancel"
        onClick={onClose}
      >
        <Translate
          id="theme.auth.cancel"
          description="The button that closes a dialog without doing anything"
        >
          Cancel
        </Translate>
      </button>
    </dialog>
  );
}

const focusable =
  'a[href], button:not([disabled]), input:not([hidden], [disabled]), select, [tabindex="0"]';

/** `showModal` makes the page behind inert, but Tab still leaves for the browser's own buttons. */
function keepFocusInside(event: KeyboardEvent<HTMLElement>): void {
  // Not `[...list]`: Docusaurus compiles it as if the list were an array.
  const elements = Array.from(event.currentTarget.querySelectorAll<HTMLElement>(focusable));
  const [first, last] = [elements[0], elements.at(-1)];
  const isAtEnd = document.activeElement === (event.shiftKey ? first : last);
  if (!isAtEnd) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
