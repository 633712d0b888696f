/**
 * The button of a form. It keeps the focus while the answer is awaited, and while the service wants to be left alone, so
 * that the keyboard does not lose its place.
 */
import type { ReactNode } from 'react';
import useIsBrowser from '@docusaurus/useIsBrowser';
import type { Props } from '@theme/AuthSubmit';

export default function AuthSubmit({
  isBusy,
  isWaiting = false,
  kind = 'primary',
  children,
}: Props): ReactNode {
  // Without JavaScript, or before it is loaded, the browser itself would send the form, the password in it.
  const isReady = useIsBrowser();
  return (
    <button
      type="submit"
      className={`button button--block button--${kind}`}
      disabled={!isReady}
      aria-disabled={isBusy || isWaiting}
      aria-busy={isBusy}
    >
      {children}
    </button>
  );
}
