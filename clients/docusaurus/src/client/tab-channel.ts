/** Tells this browser's other tabs of the site that somebody signed in or out. What changed, each asks the service itself. */

export interface TabChannel {
  readonly announce: () => void;
  readonly listen: (onChange: () => void) => void;
}

/** The part of `window` that is used. */
export interface TabWindow {
  readonly BroadcastChannel?: typeof BroadcastChannel | undefined;
  /** Its getter throws where the visitor forbids storage. */
  readonly localStorage: Pick<Storage, 'setItem'>;
  addEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
}

/** @param name the same in each tab of one site and one auth service */
export function createTabChannel(window: TabWindow, name: string): TabChannel {
  return openBroadcast(window, name) ?? createStorageChannel(window, name);
}

function openBroadcast({ BroadcastChannel }: TabWindow, name: string): TabChannel | undefined {
  if (BroadcastChannel === undefined) return undefined;
  try {
    const channel = new BroadcastChannel(name);
    return {
      announce: () => channel.postMessage('changed'),
      listen: (onChange) => channel.addEventListener('message', onChange),
    };
  } catch {
    return undefined; // a page in a sandbox may not
  }
}

/** A `storage` event reaches the other tabs only, and only where the value changes. */
function createStorageChannel(window: TabWindow, name: string): TabChannel {
  return {
    announce() {
      try {
        window.localStorage.setItem(name, `${Date.now()} ${Math.random()}`);
      } catch {
        // storage is forbidden or full: the other tabs ask when they are looked at
      }
    },
    listen(onChange) {
      window.addEventListener('storage', ({ key }) => {
        if (key === name) onChange();
      });
    },
  };
}
