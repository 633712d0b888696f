/** A component whose code is loaded when it is first needed, so that other pages do not carry it. */
import { useEffect, useState, type ComponentType } from 'react';

/**
 * @param load imports its module
 * @param onFailure a new version of the site is published, or the network is down
 * @returns undefined until it is needed and loaded
 */
export function useLoaded<P>(
  isNeeded: boolean,
  load: () => Promise<{ readonly default: ComponentType<P> }>,
  onFailure: () => void,
): ComponentType<P> | undefined {
  const [Loaded, setLoaded] = useState<ComponentType<P>>();
  const isMissing = isNeeded && Loaded === undefined;
  useEffect(() => {
    if (isMissing) load().then((module) => setLoaded(() => module.default), onFailure);
  }, [isMissing]);
  return isNeeded ? Loaded : undefined;
}
