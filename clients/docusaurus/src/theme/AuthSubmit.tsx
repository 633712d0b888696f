/** The button of a form. It keeps the focus while the answer is awaited, so that the keyboard does not lose its place. */
import type { ReactNode } from 'react';
import useIsBrowser from '@docusaurus/useIsBrowser';
import type { Props } from '@theme/AuthSubmit';

export default function AuthSubmit({ isBusy, children }: Props): ReactNode {
  // Without JavaScript, or before it is loaded, the browser itself would send the form, the password in it.
  const isReady = useIsBrowser();
  return (
    <button
      type="submit"
      className="button button--primary button--block"
      disabled={!isReady}
      aria-disabled={isBusy}
      aria-busy={isBusy}
    >
      {children}
    </button>
  );
}
