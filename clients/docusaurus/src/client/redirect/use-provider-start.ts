/** Starts a visit to a provider. Until the browser has left, the button is busy and further clicks do nothing. */
import { useEffect, useRef, useState } from 'react';
import { requestTimeoutMs } from '../deadline.js';
import type { Refusal } from '../outcome.js';
import type { NewFlow } from './redirect-actions.js';
import { useRedirectSignIn } from './use-redirect-sign-in.js';

export interface ProviderStart {
  /** The provider that the browser is leaving for. */
  readonly leavingFor: string | undefined;
  /** Why the page was not left. */
  readonly refusal: Refusal | undefined;
  readonly start: (flow: NewFlow) => Promise<void>;
}

export function useProviderStart(): ProviderStart {
  const redirect = useRedirectSignIn();
  const [leavingFor, setLeavingFor] = useState<string>();
  const [refusal, setRefusal] = useState<Refusal>();
  // A ref as well as state: the second click of a double click does not see the new state yet.
  const isLeaving = useRef(false);

  useEffect(() => {
    function stay() {
      isLeaving.current = false;
      setLeavingFor(undefined);
    }
    // The Back button may restore this page from the back/forward cache as it was left.
    const onPageShow = ({ persisted }: PageTransitionEvent) => persisted && stay();
    window.addEventListener('pageshow', onPageShow);
    // The visitor may stop the navigation, which fires no event.
    const timer = leavingFor === undefined ? undefined : setTimeout(stay, requestTimeoutMs);
    return () => {
      window.removeEventListener('pageshow', onPageShow);
      clearTimeout(timer);
    };
  }, [leavingFor]);

  async function start(flow: NewFlow): Promise<void> {
    if (isLeaving.current) return;
    isLeaving.current = true;
    setLeavingFor(flow.provider);
    setRefusal(undefined);
    const outcome = await redirect.start(flow);
    if (outcome.ok) return;
    isLeaving.current = false;
    setLeavingFor(undefined);
    setRefusal(outcome);
  }

  return { leavingFor, refusal, start };
}
