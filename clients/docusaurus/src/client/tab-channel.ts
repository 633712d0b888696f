/** Notifies the site's other tabs in this browser of a sign-in or sign-out. Each then asks the service. */

export interface TabChannel {
  readonly announce: () => void;
  readonly listen: (onChange: () => void) => void;
}

/** The part of `window` that is used. */
export interface TabWindow {
  readonly BroadcastChannel?: typeof BroadcastChannel | undefined;
  /** Its getter throws if the visitor blocks storage. */
  readonly localStorage: Pick<Storage, 'setItem'>;
  addEventListener(type: 'storage', listener: (event: StorageEvent) => void): void;
}

/** @param name the same in every tab of one site and one auth service */
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
    return undefined; // a sandboxed page may not
  }
}

/** A `storage` event is fired in the other tabs only, and only if the value changes. */
function createStorageChannel(window: TabWindow, name: string): TabChannel {
  return {
    announce() {
      try {
        window.localStorage.setItem(name, `${Date.now()} ${Math.random()}`);
      } catch {
        // storage is forbidden or full: the other tabs check when they become active
      }
    },
    listen(onChange) {
      window.addEventListener('storage', ({ key }) => {
        if (key === name) onChange();
      });
    },
  };
}
