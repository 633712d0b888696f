/** One interface for the browsers that have virtual devices for passkeys. WebKitGTK has no passkeys. */

/** The device verifies its user and needs no touch. It is the tab's own and empty at first. */
export interface PasskeyTab {
  /** Runs a script in the page. @param body of an async function whose result is JSON-serializable */
  run<T>(body: string): Promise<T>;
  /** Whether the device verifies its user from now on. */
  setUserVerified(isUserVerified: boolean): Promise<void>;
  /** The passkeys on the device. */
  credentials(): Promise<readonly Credential[]>;
  /** Picks the first passkey from the suggestions of the page's input. @param picked resolves once one was picked */
  pickSuggestion(picked: Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

export interface Credential {
  readonly rpId: string;
  readonly isResidentCredential: boolean;
}

export interface PasskeyBrowser {
  /** A tab with cookies of its own. */
  newTab(url: string): Promise<PasskeyTab>;
  close(): Promise<void>;
}

export interface PasskeyEngine {
  readonly name: string;
  /** Whether forms suggest passkeys on pages outside the domain of the passkeys. */
  readonly hasSuggestionsOnRelatedOrigins: boolean;
  /** @param proxyPort of the proxy that takes it to the server of the tests */
  launch(proxyPort: number): Promise<PasskeyBrowser>;
}

/** As an expression, for drivers that report an exception by its message only. */
export function scriptOf(body: string): string {
  return `(async () => {${body}})().catch((error) => { throw new Error(error.name + ': ' + error.message); })`;
}
