/** A question before something that cannot be taken back: modal, closed by Escape, and the focus returns to its button. */
import { useEffect, useId, useRef, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import type { Props } from '@theme/AuthDialog';

export default function AuthDialog({ title, description, onClose, children }: Props): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    // Not in every browser that a school still has (Safari 15.3): there it is open, though not modal.
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
      // Closed by React alone, which then takes it away.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
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
          description="The button that closes a question without doing anything"
        >
          Cancel
        </Translate>
      </button>
    </dialog>
  );
}
