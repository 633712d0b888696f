/** Findings at start that depend on the platform. */
import { expect, test } from 'vitest';
import { findStartupFaults } from '../../../src/features/mail/startup.js';
import { mail } from '../../../src/features/mail/feature.js';

type Settings = Parameters<typeof findStartupFaults>[0];
type Services = Parameters<typeof findStartupFaults>[1];

/** The codes with a transport that accepts mails. */
async function codesOf(isVercel: boolean, cronSecret?: string): Promise<readonly string[]> {
  const mailer = { templateFindings: [], verify: () => Promise.resolve() };
  const findings = await findStartupFaults(
    { variable: 'RESEND_API_KEY', cronSecret } as Settings,
    { config: { isVercel }, mailer } as unknown as Services,
  );
  return findings.map(({ code }) => code);
}

test('on Vercel a missing CRON_SECRET is reported: nothing else calls the cron route', async () => {
  expect(Object.keys(mail.variables)).toContain('CRON_SECRET');
  expect(await codesOf(true)).toEqual(['CRON_SECRET_MISSING']);
  expect(await codesOf(true, 'Wm3tq8Zk0aXc7vN1sLd5hRf9')).toEqual([]);
  expect(await codesOf(false)).toEqual([]);
});
