/** Shows the step-up dialog on any page, while a call waits for a proof. Its code is loaded when it is first needed. */
import {
  useEffect,
  useState,
  useSyncExternalStore,
  type ComponentType,
  type ReactNode,
} from 'react';
import { useLocation } from '@docusaurus/router';
import type { Props } from '@theme/AuthStepUp';
import { getAuth, useAuthOptions } from '../hooks.js';

export default function StepUpHost(): ReactNode {
  const { stepUp } = getAuth(useAuthOptions());
  const { pathname } = useLocation();
  const reason = useSyncExternalStore(stepUp.subscribe, stepUp.current, () => undefined);
  const [Dialog, setDialog] = useState<ComponentType<Props>>();
  const isNeeded = reason !== undefined && Dialog === undefined;

  useEffect(() => {
    if (!isNeeded) return;
    import('@theme/AuthStepUp').then(
      (module) => setDialog(() => module.default),
      () => stepUp.settle(false), // a new version of the site is published, or the network is down
    );
  }, [isNeeded, stepUp]);
  // A call of the page that was left.
  useEffect(() => () => stepUp.settle(false), [pathname, stepUp]);

  return reason !== undefined && Dialog !== undefined && <Dialog reason={reason} />;
}
