/**
 * The submit button of a form. It keeps the keyboard focus while the request is pending and while the service asks to
 * wait, because it is then `aria-disabled` instead of `disabled`.
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
  // Before JavaScript is loaded, the browser would submit the form itself, with the password in it.
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
