/** Links are ordered by the database's clock: instances whose own clocks differ agree on which one is the newest. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../support/mailed-link.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService();
});
afterEach(() => vi.useRealTimers());
afterAll(() => service.stop());

test.each([-5, 5])(
  'an instance whose clock is %i minutes off mails the earlier link',
  async (by) => {
    const owner = new MailVisitor(service);
    expect((await owner.signUp()).status).toBe(200);
    const ask = () =>
      new MailVisitor(service).ask('/api/auth/request-password-reset', {
        body: { email: owner.email },
      });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by * 60_000, shouldAdvanceTime: false });
    expect((await ask()).status).toBe(200);
    const older = await service.tokenFor(owner.email);
    vi.useRealTimers();
    expect((await ask()).status).toBe(200);
    // Their order is that of the clock.
    const links = (await service.mailsTo(owner.email, 2)).map((mail) => linkIn(mail).token);
    const newer = links.find((token) => token !== older) ?? '';
    const redeem = (token: string) =>
      new MailVisitor(service).ask('/api/auth/reset-password', {
        body: { token, newPassword: 'another-good-password-42' },
      });
    expect((await redeem(older)).json?.code).toBe('LINK_REPLACED');
    expect((await redeem(newer)).status).toBe(200);
  },
);
