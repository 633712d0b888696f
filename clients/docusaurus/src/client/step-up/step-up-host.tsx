/** Shows the step-up dialog on any page, while a call waits for a proof. */
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { useLocation } from '@docusaurus/router';
import { getAuth, useAuthOptions } from '../hooks.js';
import { useLoaded } from '../use-loaded.js';

export default function StepUpHost(): ReactNode {
  const { stepUp } = getAuth(useAuthOptions());
  const { pathname } = useLocation();
  const reason = useSyncExternalStore(stepUp.subscribe, stepUp.current, () => undefined);
  const cancel = () => stepUp.settle(false);
  const Dialog = useLoaded(reason !== undefined, () => import('@theme/AuthStepUp'), cancel);
  useEffect(() => cancel, [pathname, stepUp]); // a call of the page that was left
  return reason !== undefined && Dialog && <Dialog reason={reason} />;
}
