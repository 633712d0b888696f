/** What a visitor of the textbook does and sees, in any engine. */
import { setTimeout } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Tab } from './engines/engine.js';

export interface Account {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Waits until the page contains the text. @throws with the text that it contains instead */
export async function sees(tab: Tab, text: string | RegExp): Promise<void> {
  let seen = '';
  const contains = async () => {
    seen = await textOf(tab);
    return typeof text === 'string' ? seen.includes(text) : text.test(seen);
  };
  await vi.waitUntil(contains, { timeout: 30_000, interval: 100 }).catch(() => {
    throw new Error(`the page never contained ${String(text)}, but: ${seen}`);
  });
}

export async function signUp(tab: Tab, site: string, account: Account): Promise<void> {
  await tab.open(`${site}/sign-up?from=/exercises`);
  await tab.fill('name', account.name);
  await submit(tab, account, 'Sign up');
}

export async function signIn(tab: Tab, site: string, account: Account): Promise<void> {
  await tab.open(`${site}/sign-in?from=/exercises`);
  await submit(tab, account, 'Sign in');
}

/**
 * Submits the form. All visitors of a run share one IP address, and sign-ups are limited to three in ten seconds: after
 * "Too many …" it waits as long as the message says.
 */
async function submit(tab: Tab, { email, password }: Account, button: string): Promise<void> {
  await tab.fill('email', email);
  await tab.fill('password', password);
  for (;;) {
    await tab.press(button);
    const seconds = /Too many [^.]+\. Try again in (\d+) second/.exec(await settledText(tab))?.[1];
    if (seconds === undefined) return;
    await setTimeout(Number(seconds) * 1000);
    await sees(tab, 'You can try again now.');
  }
}

/** From the sign-in page to the message that a link was sent. */
export async function requestPasswordReset(tab: Tab, site: string, email: string): Promise<void> {
  await tab.open(`${site}/sign-in`);
  await tab.press('Forgot your password?');
  await sees(tab, 'Send me a link');
  await tab.fill('email', email);
  await tab.press('Send me a link');
}

/** Starts from the account page. */
export async function signOutEverywhere(tab: Tab): Promise<void> {
  await tab.press('Sign out everywhere');
  await tab.press('Yes, sign out everywhere');
}

/** The page's text once the form's request has completed. */
async function settledText(tab: Tab): Promise<string> {
  let text = '';
  await vi.waitUntil(
    async () => {
      text = await textOf(tab);
      return text !== '' && !/Signing in…|Creating your account…/.test(text);
    },
    { timeout: 30_000, interval: 50 },
  );
  return text;
}

/** Empty during navigation, when the page has no body or cannot run scripts. */
async function textOf(tab: Tab): Promise<string> {
  return String(await tab.run('return document.body?.innerText ?? ""').catch(() => ''));
}

/** On the page for signed-in readers. @returns status and body as the page shows them */
export async function askPrivateRoute(tab: Tab): Promise<string> {
  return askRoute(tab, 'Ask the private route');
}

/** The same for the route that also requires a confirmed address. */
export async function askConfirmedRoute(tab: Tab): Promise<string> {
  return askRoute(tab, 'Ask the route for confirmed readers');
}

/** Presses the button, which clears the response to an earlier call. */
async function askRoute(tab: Tab, button: string): Promise<string> {
  await tab.press(button);
  const shown = () =>
    tab.run(`
      const buttons = Array.from(document.querySelectorAll('main button'));
      return buttons.find(({ textContent }) => textContent === ${JSON.stringify(button)}).nextElementSibling.innerText;`);
  return vi.waitUntil(
    async () => {
      const text = String(await shown());
      return /^\d{3} \{/.test(text) && text;
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** Calls get-session with only the cookie. @returns the user's name, or null */
export async function userNameByCookie(tab: Tab, auth: string): Promise<unknown> {
  return tab.run(`
    const answer = await fetch(${JSON.stringify(`${auth}/api/auth/get-session`)}, { credentials: 'include' });
    return (await answer.json())?.user.name ?? null;`);
}

/** Calls the private route with only the cookie, as a page without a stored token does. @returns the status */
export async function statusByCookie(tab: Tab, api: string): Promise<unknown> {
  return tab.run(`
    return (await fetch(${JSON.stringify(`${api}/private`)}, { credentials: 'include' })).status;`);
}

/** Whether the service issues a JSON Web Token for only the cookie. */
export async function issuesTokenByCookie(tab: Tab, auth: string): Promise<unknown> {
  return tab.run(`
    return (await fetch(${JSON.stringify(`${auth}/api/auth/token`)}, { credentials: 'include' })).ok;`);
}
