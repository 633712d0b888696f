/** The service's own page for mailed links. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { hashToken } from '../../../src/auth/link-token.js';
import { auditEvent, storedEvents } from '../../support/audit-events.js';
import { startTestService } from '../../support/test-service.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ SITE_PAGES: undefined });
});
afterAll(() => service.stop());

const open = (headers: Record<string, string> = {}) =>
  new MailVisitor(service).ask('/confirm', { origin: null, headers });

test('a link leads to it where the origin that asked has no page', async () => {
  const owner = new MailVisitor(service);
  await owner.signUp();
  await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
  const [mail] = await service.mailsTo(owner.email);
  const { page, token } = linkIn(mail);
  expect(page).toBe(`http://localhost:3001/confirm?link=${hashToken(token)}`);
});

test('who opens a link is recorded and counted, and a link that was never mailed is not', async () => {
  const owner = new MailVisitor(service);
  await owner.signUp();
  await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
  const [mail] = await service.mailsTo(owner.email);
  const link = hashToken(linkIn(mail).token);
  const scanner = new MailVisitor(service);
  const visit = (id: string, method: string) =>
    fetch(`${service.url}/confirm?link=${id}`, {
      method,
      headers: { 'user-agent': 'scanner/1.0', 'x-forwarded-for': scanner.ip },
    });
  expect((await visit('x'.repeat(43), 'GET')).status).toBe(200);
  expect((await visit(link, 'HEAD')).status).toBe(200);
  expect((await visit(link, 'GET')).status).toBe(200);
  expect((await visit(link, 'GET')).status).toBe(200);
  const opened = await auditEvent(
    service,
    ({ kind, count, details }) => kind === 'link_open' && details?.method === 'GET' && count === 2,
  );
  expect(opened).toMatchObject({
    outcome: 'success',
    device: 'other',
    details: { method: 'GET', purpose: 'reset_password' },
  });
  expect(opened.user_id).not.toBeNull();
  const all = (await storedEvents(service)).filter(({ kind }) => kind === 'link_open');
  expect(all.map(({ count }) => count).sort()).toEqual([1, 2]);
  expect((await owner.signIn()).status).toBe(200); // the link was not used
});

test('it is HTML that may be neither framed nor cached, and sends no Referer', async () => {
  const { status, headers } = await open();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('access-control-allow-origin')).toBeNull();
});

test('the policy allows exactly its script and its style, by hash', async () => {
  const { text, headers } = await open();
  const policy = headers.get('content-security-policy') ?? '';
  const blocks = [...text.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)];
  expect(blocks).toHaveLength(2);
  for (const [, , content = ''] of blocks) {
    expect(policy).toContain(`'sha256-${createHash('sha256').update(content).digest('base64')}'`);
  }
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("default-src 'none'");
});

test('it removes the token from the address before anything else', async () => {
  const { text } = await open();
  const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? '';
  const statements = script
    .split('\n')
    .filter((line) => /(?:location|history|document)\.|fetch\(/.test(line));
  expect(statements[0]).toContain('location.hash');
  expect(statements[1]).toContain('history.replaceState');
});

test('it speaks German to a browser that prefers it', async () => {
  const german = await open({ 'accept-language': 'de-CH,de;q=0.9,en;q=0.8' });
  expect(german.headers.get('content-language')).toBe('de');
  expect(german.text).toContain('<html lang="de">');
  expect((await open({ 'accept-language': 'fr' })).headers.get('content-language')).toBe('en');
});

test('nothing of a request is in the page', async () => {
  const plain = await open();
  const odd = await new MailVisitor(service).ask('/confirm?token=%3Cscript%3E', { origin: null });
  expect(odd.text).toBe(plain.text);
});

test('without a mail transport it does not exist', async () => {
  const other = await startTestService();
  expect((await new MailVisitor(other).ask('/confirm', { origin: null })).status).toBe(404);
  await other.stop();
});
