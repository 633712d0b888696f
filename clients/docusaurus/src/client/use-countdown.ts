/** The seconds until an action may be tried again. */
import { useEffect, useState } from 'react';

export interface Countdown {
  /** 0 before the countdown starts and after it ends. */
  readonly secondsLeft: number;
  readonly start: (seconds: number) => void;
}

export function useCountdown(): Countdown {
  const [endsAt, setEndsAt] = useState(0);
  const [secondsLeft, setSecondsLeft] = useState(0);
  useEffect(() => {
    if (endsAt === 0) return undefined;
    // By the clock, not by counting ticks: browsers throttle the timers of a background tab.
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
