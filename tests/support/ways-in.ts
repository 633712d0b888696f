/** A driver for each way in of an existing user: those of src/auth/first-factors.ts. */
import { MailVisitor } from './mailed-link.js';
import { newVerifier, RedirectVisitor, type RedirectService } from './redirect-visitor.js';
import type { Answer, Visitor } from './visitor.js';

export interface Way {
  readonly browser: Visitor;
  /** Undefined where the flow ends with a visit instead of a response to a page. */
  readonly answer?: Answer;
  /** The page where that visit ends. */
  readonly landedAt?: string;
}

export interface WaysIn {
  readonly drivers: Readonly<Record<string, () => Promise<Way>>>;
  proveAddress(isProven?: boolean): Promise<unknown>;
}

export const post = (browser: Visitor, endpoint: string, body: object) =>
  browser.ask(`/api/auth${endpoint}`, { body });

/**
 * @param service with magic links, e-mail codes and verification
 * @param member has signed up there with a password
 * @param received how many mails the member has received so far; the first one verifies the address
 */
export function createWaysIn(
  service: RedirectService,
  member: RedirectVisitor,
  received: number,
): WaysIn {
  let mails = received;
  const nextToken = () => service.tokenFor(member.email, (mails += 1));
  const proveAddress = (isProven = true) =>
    service.database.query('update "user" set email_verified = $2 where email = $1', [
      member.email,
      isProven,
    ]);

  /** A browser of the member, whose provider vouches for the address of the account. */
  function browserWithProvider(): RedirectVisitor {
    const browser = new RedirectVisitor(service);
    Object.assign(browser, { email: member.email });
    return browser;
  }

  const drivers: WaysIn['drivers'] = {
    async '/sign-in/email'() {
      const browser = new MailVisitor(service);
      const { email, password } = member;
      return { browser, answer: await post(browser, '/sign-in/email', { email, password }) };
    },
    async '/reset-password'() {
      const browser = new MailVisitor(service);
      await post(browser, '/request-password-reset', { email: member.email });
      const token = await nextToken();
      const newPassword = `${member.password} reset`;
      return { browser, answer: await post(browser, '/reset-password', { token, newPassword }) };
    },
    async '/verify-email'() {
      const [mail] = await service.mailsTo(member.email, 1);
      const token = /#verify_email=([\w-]+)/.exec(mail?.text ?? '')?.[1];
      await proveAddress(false);
      // In the browser that signed up, where the link needs no password.
      await post(member, '/sign-out', {});
      return { browser: member, answer: await post(member, '/verify-email', { token }) };
    },
    async '/magic-link/verify'() {
      const browser = new MailVisitor(service);
      await post(browser, '/sign-in/magic-link', { email: member.email });
      const token = await nextToken();
      return { browser, answer: await post(browser, '/magic-link/verify', { token }) };
    },
    async '/sign-in/email-otp'() {
      const browser = new MailVisitor(service);
      const { email } = member;
      await post(browser, '/email-otp/send-verification-otp', { email, type: 'sign-in' });
      const mail = (await service.mailsTo(email, (mails += 1))).at(-1);
      const otp = /^\s*(\d{6})\s*$/m.exec(mail?.text ?? '')?.[1];
      return { browser, answer: await post(browser, '/sign-in/email-otp', { email, otp }) };
    },
    async '/redirect/redeem'() {
      const browser = browserWithProvider();
      return { browser, answer: await browser.signInWithProvider() };
    },
    async '/redirect/confirm'() {
      const browser = browserWithProvider();
      const { verifier, challenge } = newVerifier();
      const { code } = await browser.walk(challenge, { email_verified: false });
      await browser.redeem(code, verifier); // 403: a proof of the address is required
      await post(browser, '/redirect/prove', { code, code_verifier: verifier });
      const token = await nextToken();
      return { browser, answer: await post(browser, '/redirect/confirm', { token }) };
    },
    async '/redirect/finish'() {
      const browser = browserWithProvider();
      const begun = await post(browser, '/sign-in/social', {
        provider: 'test',
        callbackURL: '/account',
        errorCallbackURL: '/sorry',
      });
      const person = { email: member.email };
      let at = service.provider.walk(String(begun.json?.url), person).href;
      while (at.startsWith(service.config.baseUrl)) {
        at = (await browser.visit(at)).headers.get('location') ?? '';
      }
      return { browser, landedAt: at };
    },
  };

  return { drivers, proveAddress };
}
