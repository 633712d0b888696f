/** Detects that a page becomes active again: the tab is shown, the network is back, or the page left the bfcache. */

/** Switching between windows fires many events; one session check every few seconds is enough. */
const minimumIntervalMs = 5000;

interface Page {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener'>;
  readonly window: Pick<Window, 'addEventListener'>;
  /** Milliseconds. */
  readonly now: () => number;
}

export function watchPageActivation(
  { document, window, now }: Page,
  onActivation: () => void,
): void {
  let lastAt = -Infinity;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || now() - lastAt < minimumIntervalMs) return;
    lastAt = now();
    onActivation();
  });
  window.addEventListener('online', onActivation);
  window.addEventListener('pageshow', (event) => {
    // Restored from the back/forward cache, with the state of back then.
    if (event.persisted) onActivation();
  });
}
