/** The three browser engines behind one interface: what a visitor does, and nothing that only one of them can. */

export interface Tab {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Types into the input of this `name`, once it is there. */
  fill(name: string, text: string): Promise<void>;
  /** Clicks the link or button with exactly this text, once it can be clicked. */
  press(text: string): Promise<void>;
  /** Runs a script in the page. @param body of an async function, whose answer can be written as JSON */
  run(body: string): Promise<unknown>;
  /** What the page's scripts wrote to the console as a warning. */
  warnings(): Promise<readonly string[]>;
  /** Makes this the tab that the visitor looks at. */
  show(): Promise<void>;
  /** @param file where the PNG goes */
  screenshot(file: string): Promise<void>;
}

/** One visitor: a profile of its own, with cookies that every tab shares. */
export interface Browser {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** How this profile treats the cookies of other sites. */
  readonly setting: string;
  launch(): Promise<Browser>;
}

/** XPath, because all three drivers take it. In the page proper: the navbar has links of the same names. */
export function target(text: string): string {
  return `//main//*[self::a or self::button][normalize-space()="${text}"][not(@disabled)]`;
}

export function field(name: string): string {
  return `//input[@name="${name}"]`;
}

/** How long a page may take for one step. */
export const pageTimeoutMs = 30_000;
