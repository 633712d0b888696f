/** A visitor's authenticator app. */
import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import type { TestService } from './test-service.js';
import type { Answer, Visitor } from './visitor.js';

export interface App {
  readonly secret: string;
  readonly backupCodes: readonly string[];
  /** The code of a time step relative to the present one. */
  code(step?: number): string;
  /** Lets the present code be accepted once more, as if the last one had been accepted long ago. */
  forgetLastCode(): Promise<void>;
}

const stepMs = 30_000;
const neededMs = 4_000;

type Service = Pick<TestService, 'url' | 'database'>;

/** The app after a scan of the QR code. */
export function appFor(answer: Answer, service: Service, email: string): App {
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('otpauth://totp/')]);
  const secret = new URL(String(answer.json?.totpURI)).searchParams.get('secret') ?? '';
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return {
    secret,
    backupCodes: answer.json?.backupCodes as string[],
    code: (step = 0) => totp.generate({ timestamp: Date.now() + step * stepMs }),
    async forgetLastCode() {
      await service.database.query(
        `update totp_secret set last_step = null from "user" u where u.id = user_id and email = $1`,
        [email],
      );
    },
  };
}

/** Waits for the next time step if the present one ends soon, so that a code is verified in the step that it is made in. */
export async function steadyStep(): Promise<void> {
  const leftMs = stepMs - (Date.now() % stepMs);
  if (leftMs < neededMs) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

export const verifyTotp = (visitor: Visitor, code: string, extra: object = {}) =>
  visitor.ask('/api/auth/two-factor/verify-totp', { body: { code, ...extra } });

export const verifyBackupCode = (visitor: Visitor, code: string, extra: object = {}) =>
  visitor.ask('/api/auth/two-factor/verify-backup-code', { body: { code, ...extra } });

/** Sets up an app for a visitor who has just signed in, as the account page does. */
export async function enrol(service: Service, visitor: Visitor): Promise<App> {
  const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
  const app = appFor(begun, service, visitor.email);
  const confirmed = await verifyTotp(visitor, app.code());
  expect([confirmed.status, confirmed.text]).toEqual([200, expect.stringContaining('token')]);
  await app.forgetLastCode();
  return app;
}

/** Signs in with the password from another browser; the second factor is due. */
export async function beginSignIn(browser: Visitor, person: Visitor): Promise<Answer> {
  return browser.ask('/api/auth/sign-in/email', {
    body: { email: person.email, password: person.password },
  });
}
