/** Expects that a response is refused for its reason, in the answer, the log and the counter, and challenges of other clocks. */
import { expect } from 'vitest';
import { createChallenges } from '../../../src/features/passkeys/auth/challenges.js';
import { reasons, type PasskeyReasonName } from '../../../src/features/passkeys/reasons.js';
import { testSecret, type TestService } from '../../support/test-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';

/** Of the services in these tests. */
export const refusalEnvironment = {
  PASSKEYS: 'on',
  RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
  DIAGNOSTICS_TOKEN: diagnosticsToken,
};

export const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: testSecret },
  previous: [],
} as const;

/** The challenge of a clock that is off by this many milliseconds, for no user. */
export const challengeAt = (purpose: 'verify' | 'enrol', offsetMs: number) =>
  Buffer.from(
    createChallenges(keyRing, () => new Date(Date.now() + offsetMs)).issue(purpose),
  ).toString('base64url');

async function counted(service: TestService, reason: string): Promise<number> {
  const { text } = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': diagnosticsToken },
  });
  return Number(new RegExp(`auth_passkeys_total\\{result="${reason}"\\} (\\d+)`).exec(text)?.[1]);
}

/** @param act what is refused */
export async function expectRefusal(
  service: TestService,
  reason: PasskeyReasonName,
  act: () => Promise<Answer>,
): Promise<void> {
  const before = await counted(service, reason);
  const answer = await act();
  const { status, message, fix } = reasons[reason];
  expect(answer.json).toMatchObject({ code: reason.toUpperCase(), message, reason });
  expect(answer.status).toBe(status);
  expect(answer.setCookies).toEqual([]);
  expect(answer.json?.requestId).toBe(answer.headers.get('x-request-id'));
  const line = await service.logLine(
    ({ msg, requestId }) => msg === 'passkey refused' && requestId === answer.json?.requestId,
  );
  expect(line).toMatchObject({ level: 'info', reason, hint: fix });
  expect(await counted(service, reason)).toBe(before + 1);
}

/** As the browser encodes its client data. */
export function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
