/** The flows on mailed links in one engine and one topology: each ends signed in on the site. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Engine, Tab } from './engines/engine.js';
import { scanLink } from './mail-scanner.js';
import type { LinkPurpose, Mailbox } from './mailbox.js';
import type { System } from './system/system.js';
import {
  askConfirmedRoute,
  requestPasswordReset,
  sees,
  signIn,
  signUp,
  type Account,
} from './visitor.js';

export interface MailFlowContext {
  readonly system: System;
  readonly mailbox: Mailbox;
  /** A browser that no visitor uses: the mail scanner's, and another device of the visitor. */
  readonly other: Browser;
}

const landing = 'find the cookie of the auth service';
const signedOut = 'The exercises are for signed-in readers';

/** Registers the tests. @param context is called when they run */
export function testMailFlows(engine: Engine, context: () => MailFlowContext): void {
  const account: Account = {
    name: 'Mary Somerville',
    email: `mail.${engine.name}.${engine.setting}@example.com`.replaceAll(' ', '-').toLowerCase(),
    password: 'quiet harbour seventeen lamps',
  };
  const newPassword = 'seventeen lamps in another harbour';
  let browser: Browser;

  beforeAll(async () => {
    browser = await engine.launch();
  });
  afterAll(() => browser.close());

  test('a sign-up is confirmed by its link, which no mail scanner uses up, and is signed in on the site', async () => {
    const { system, mailbox, other } = context();
    const { site } = system.urls;
    const first = await browser.newTab();
    await signUp(first, site, account);
    await sees(first, `A mail is on its way to ${account.email}.`);
    const link = await mailbox.linkTo(account.email, 'verify_email');
    await scanLink(await other.newTab(), system.urls, link, 'verify_email');

    const tab = await openLink(link, site);
    await sees(tab, 'Your e-mail address is confirmed.');
    await sees(tab, account.name);
    await tab.open(`${site}/exercises`);
    await sees(tab, landing);
    expect(await askConfirmedRoute(tab)).toMatch(/^200 .*Mary Somerville/);
    await tab.open(`${site}/account`);
    await tab.press('Sign out');
    await sees(tab, 'You are not signed in');
  });

  test('a forgotten password is replaced by its link, which signs in here and signs out the other device', async () => {
    const { system, mailbox, other } = context();
    const { site } = system.urls;
    const device = await other.newTab();
    await signIn(device, site, account);
    await sees(device, landing);

    const forgetful = await browser.newTab();
    await requestPasswordReset(forgetful, site, account.email);
    await sees(forgetful, `If there is an account with ${account.email}`);
    const link = await mailbox.linkTo(account.email, 'reset_password');
    await scanLink(await other.newTab(), system.urls, link, 'reset_password');

    const tab = await openLink(link, site);
    await tab.fill('new-password', newPassword);
    await tab.press('Save the password');
    await sees(tab, 'Your new password is saved, and your other devices were signed out.');
    await sees(tab, account.name);
    await tab.open(`${site}/exercises`);
    await sees(tab, landing);

    await device.show();
    await device.reload();
    await sees(device, signedOut);
    await signIn(device, site, account);
    await sees(device, 'The e-mail address or the password is wrong.');
  });

  /** In a tab of its own, as mail programs do. The token leaves the address. */
  async function openLink(link: string, site: string): Promise<Tab> {
    const tab = await browser.newTab();
    await tab.open(link);
    expect(await tab.run('return location.href')).toMatch(new RegExp(`^${site}/auth/confirm/?$`));
    return tab;
  }
}

/** With a link of each kind, one after the other in the same tab. */
export async function finishOnServicePage({
  system,
  mailbox,
  other,
}: MailFlowContext): Promise<void> {
  const { site, auth } = system.urls;
  const email = 'service.page@example.com';
  const password = 'quiet harbour seventeen lamps';
  const tab = await other.newTab();
  const openOnService = async (purpose: LinkPurpose) => {
    const link = await mailbox.linkTo(email, purpose);
    await tab.open(link.replace(`${site}/auth/confirm`, `${auth}/confirm`));
  };
  await signUp(tab, site, { name: 'Caroline Herschel', email, password });
  await sees(tab, `A mail is on its way to ${email}.`);

  await openOnService('verify_email');
  await tab.press('Confirm the address');
  await sees(tab, 'This is not the browser that signed up.'); // the verifier is the site's
  await tab.fill('password', password);
  await tab.press('Confirm the address');
  await sees(tab, 'Done.');

  const asking = await other.newTab();
  // Not from the sign-in page: with a shared cookie the site is signed in.
  await asking.open(`${site}/forgot-password`);
  await asking.fill('email', email);
  await asking.press('Send me a link');
  await sees(asking, `If there is an account with ${email}`);
  await tab.show();
  await openOnService('reset_password');
  await sees(tab, 'Save the password');
  expect(await tab.run('return location.href')).toBe(`${auth}/confirm`);
  await tab.fill('password', `${password} again`);
  await tab.press('Save the password');
  await sees(tab, 'Done.');
}
