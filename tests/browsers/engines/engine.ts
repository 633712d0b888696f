/** One interface for the three browser engines: what a visitor does, as far as all three support it. */

export interface Tab {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Types into the input with this `name` once it exists. */
  fill(name: string, text: string): Promise<void>;
  /** Clicks the link or button with exactly this text once it is clickable. */
  press(text: string): Promise<void>;
  /** Runs a script in the page. @param body of an async function whose result is JSON-serializable */
  run(body: string): Promise<unknown>;
  /** The warnings that the page's scripts wrote to the console. */
  warnings(): Promise<readonly string[]>;
  /** Activates this tab. */
  show(): Promise<void>;
  /** @param file the path of the PNG */
  screenshot(file: string): Promise<void>;
}

/** One visitor: a separate profile whose tabs share their cookies. */
export interface Browser {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** How this profile treats third-party cookies. */
  readonly setting: string;
  launch(): Promise<Browser>;
}

/** XPath, because all three drivers support it. In `main` only: the navbar has links with the same names. */
export function target(text: string): string {
  return `//main//*[self::a or self::button][normalize-space()="${text}"][not(@disabled)]`;
}

export function field(name: string): string {
  return `//input[@name="${name}"]`;
}

/** The timeout of one step. */
export const pageTimeoutMs = 30_000;
