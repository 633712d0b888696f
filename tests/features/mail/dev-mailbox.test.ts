/** The mailbox of `npm run dev`, and that production has none of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { withDevParts } from '../../../src/dev/with-dev-parts.js';
import { startDevParts } from '../../../src/features/dev-parts.js';
import { mailFeature, secretLink, testMail } from '../../support/mail-feature.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const parts = await startDevParts({});
let service: TestService;
const server = createServer(withDevParts((_req, res) => res.writeHead(418).end(), parts));
let url: string;
beforeAll(async () => {
  const env = Object.assign({}, ...parts.map(({ environment }) => environment)) as object;
  service = await startTestService({ extraFeatures: [mailFeature], env: { ...env } });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await service.stop();
  for (const part of parts) await part.stop();
  server.close();
});

test('without a transport, mails arrive in the mailbox, newest first, with links and codes', async () => {
  await service.mailer?.enqueue(service.orm, testMail());
  await service.mailer?.sendDue();
  const code = { template: 'test-code', data: { code: '918273' } };
  await service.mailer?.enqueue(service.orm, testMail(code));
  await service.mailer?.sendDue();
  const response = await fetch(`${url}/dev/mailbox.json`);
  const mails = (await response.json()) as Record<string, unknown>[];
  expect(mails).toMatchObject([
    { to: 'ada@recipient.example', subject: 'Your code', links: [], code: '918273' },
    { subject: 'Your link', links: [secretLink], code: null },
  ]);
  expect(mails[1]?.html).toContain(secretLink);
});

test('the page shows the mails without running anything of theirs', async () => {
  const response = await fetch(`${url}/dev/mailbox`);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await response.text();
  expect(page).toContain('Your link');
  expect(page).toContain('<iframe sandbox="allow-popups');
});

test('other paths are the service’s', async () => {
  expect((await fetch(`${url}/dev/mailbox2`)).status).toBe(418);
  expect((await fetch(`${url}/dev/mailbox`, { method: 'POST' })).status).toBe(405);
});

test.each(['SMTP_URL', 'RESEND_API_KEY', 'MAIL_WEBHOOK_URL'])(
  'with %s the configured transport is used instead',
  async (variable) => {
    const environment = { [variable]: 'set', OIDC_DEV_ISSUER: 'set', SECOND_FACTOR: 'off' }; // no part of another feature
    expect(await startDevParts(environment)).toEqual([]);
  },
);

test('no module of production names the mailbox', () => {
  const folder = join(inject('builtFolder'), 'dist');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.js'))
    .map((file) => join(file.parentPath, file.name))
    .filter((file) => !/\/dev\/|\/dev(-parts?)?\.js$/.test(file));
  expect(files.length).toBeGreaterThan(0);
  const naming = files.filter((file) =>
    /dev\/mailbox|smtp-server|mailparser/.test(readFileSync(file, 'utf8')),
  );
  expect(naming).toEqual([]);
});
