/** Notices that a page is looked at again: the tab is shown, the network is back, or "Back" brought the page from memory. */

/** Switching between windows sets off many events; one question every few seconds is enough. */
const quietMs = 5000;

interface Page {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener'>;
  readonly window: Pick<Window, 'addEventListener'>;
  /** Milliseconds. */
  readonly now: () => number;
}

export function watchReturns({ document, window, now }: Page, onReturn: () => void): void {
  let lastAt = -Infinity;
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || now() - lastAt < quietMs) return;
    lastAt = now();
    onReturn();
  });
  window.addEventListener('online', onReturn);
  window.addEventListener('pageshow', (event) => {
    // From the back-forward cache: its state is as old as the visit.
    if (event.persisted) onReturn();
  });
}
