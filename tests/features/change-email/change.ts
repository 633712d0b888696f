/** Requests a change of the address, and redeems its link. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { MailingService } from '../../support/mailed-link.js';
import type { Answer, Visitor } from '../../support/visitor.js';

export const verifyPath = '/api/auth/change-email/verify';

export const newAddress = () => `moved-${randomBytes(6).toString('hex')}@example.com`;

export const requestChange = (
  visitor: Visitor,
  newEmail: string,
  proof: object = { password: visitor.password },
): Promise<Answer> => visitor.ask('/api/auth/change-email', { body: { newEmail, ...proof } });

/** In the browser that asked. @param count which mail to the new address has the link */
export async function changeAddress(
  service: MailingService,
  visitor: Visitor,
  to: string,
  count = 1,
): Promise<void> {
  expect((await requestChange(visitor, to)).status).toBe(200);
  const token = await service.tokenFor(to, count);
  const answer = await visitor.ask(verifyPath, { body: { token } });
  expect(answer.status, answer.text).toBe(200);
}
