/** A button that opens a confirmation dialog. */
import { useState, type ReactNode } from 'react';
import AuthDialog from '@theme/AuthDialog';
import type { Props } from '@theme/AuthDialogButton';

export default function AuthDialogButton({ label, ...dialog }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button auth-button auth-danger"
        onClick={() => setOpen(true)}
      >
        {label}
      </button>
      {isOpen && <AuthDialog {...dialog} onClose={() => setOpen(false)} />}
    </>
  );
}
