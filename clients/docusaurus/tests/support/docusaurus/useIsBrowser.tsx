/** False on the server and while the page takes over its HTML, as Docusaurus's. */
import { useSyncExternalStore } from 'react';

export default function useIsBrowser(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
