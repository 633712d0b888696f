/** A mail scanner: requests each link before its recipient clicks, and opens it in a browser that runs scripts. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { expect } from 'vitest';
import type { Tab } from './engines/engine.js';
import type { LinkPurpose } from './mailbox.js';
import type { System } from './system/system.js';
import { sees } from './visitor.js';

/** What the page shows to a browser that is not the visitor's, once its scripts have run. */
const shown: Record<LinkPurpose, string> = {
  verify_email: 'You signed up in another browser.',
  reset_password: 'Save the password',
};
const endpoints: Record<LinkPurpose, string> = {
  verify_email: 'verify-email',
  reset_password: 'reset-password',
};

/** @param tab of a browser that the visitor never used. It clicks nothing */
export async function scanLink(
  tab: Tab,
  { auth }: System['urls'],
  link: string,
  purpose: LinkPurpose,
): Promise<void> {
  const token = link.slice(link.indexOf('=') + 1);
  const endpoint = `${auth}/api/auth/${endpoints[purpose]}?token=${token}`;
  for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
    expect(await statusOf(method, link)).toBe(200);
    expect(await statusOf(method, endpoint)).toBe(method === 'GET' ? 302 : 405);
  }
  await tab.show();
  // In two steps, because a new fragment loads no page.
  await tab.open('about:blank');
  await tab.open(link);
  await sees(tab, shown[purpose]);
}

async function statusOf(method: string, url: string): Promise<number | undefined> {
  const sent = request(url, { method, rejectUnauthorized: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
