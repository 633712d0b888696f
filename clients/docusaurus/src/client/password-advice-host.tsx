/** Shows the advice about a breached password on any page, until it is dismissed. */
import type { ReactNode } from 'react';
import { getAuth, useAuthOptions, usePasswordAdvice } from './hooks.js';
import { useLoaded } from './use-loaded.js';

export default function PasswordAdviceHost(): ReactNode {
  const { passwordAdvice } = getAuth(useAuthOptions());
  const close = () => passwordAdvice.set(false);
  const Advice = useLoaded(usePasswordAdvice(), () => import('@theme/AuthPasswordAdvice'), close);
  // A live region must exist before its text.
  return <div role="status">{Advice && <Advice onClose={close} />}</div>;
}
