/** A button of one entry of a list. It is busy until its action has ended. */
import { useState, type ReactNode } from 'react';
import type { Props } from '@theme/AuthListButton';

export default function AuthListButton({ label, name, onClick }: Props): ReactNode {
  const [isBusy, setBusy] = useState(false);

  async function act(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await onClick().finally(() => setBusy(false));
  }

  return (
    <button
      type="button"
      className="button auth-button"
      aria-label={name}
      aria-busy={isBusy}
      onClick={act}
    >
      {label}
    </button>
  );
}
