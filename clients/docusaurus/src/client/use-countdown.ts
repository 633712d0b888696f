/** The seconds until something may be tried again. */
import { useEffect, useState } from 'react';

export interface Countdown {
  /** 0 once it is over, and before it began. */
  readonly secondsLeft: number;
  readonly start: (seconds: number) => void;
}

export function useCountdown(): Countdown {
  const [endsAt, setEndsAt] = useState(0);
  const [secondsLeft, setSecondsLeft] = useState(0);
  useEffect(() => {
    if (endsAt === 0) return undefined;
    // By the clock and not by counting ticks: a browser holds the timers of a tab in the background back.
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      setSecondsLeft(left);
      if (left === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [endsAt]);
  return {
    secondsLeft,
    start(seconds) {
      setEndsAt(Date.now() + seconds * 1000);
      setSecondsLeft(seconds);
    },
  };
}
