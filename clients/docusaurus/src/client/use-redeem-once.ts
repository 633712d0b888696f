/** A mailed link, or the code of a visit to a provider, that is redeemed as soon as its page is open. */
import { useEffect, useRef, useState } from 'react';
import type { Outcome, Refusal } from './outcome.js';

/**
 * Redeems once for each mount: the page mounts its component anew for another link or code.
 * @returns the refusal, undefined while the request is pending, and what tries again
 */
export function useRedeemOnce<Redeemed>(
  redeem: () => Promise<Outcome<Redeemed>>,
  onRedeemed: (redeemed: Redeemed) => void,
): { readonly refusal: Refusal | undefined; readonly retry: () => void } {
  const [refusal, setRefusal] = useState<Refusal>();
  const isSent = useRef(false); // React runs effects twice in development

  async function send(): Promise<void> {
    setRefusal(undefined);
    const outcome = await redeem();
    if (outcome.ok) onRedeemed(outcome.value);
    else setRefusal(outcome);
  }

  useEffect(() => {
    if (isSent.current) return;
    isSent.current = true;
    void send();
  }, []);

  return { refusal, retry: () => void send() };
}
