/** Values that must never be seen where they do not belong, and the visitors that carry them about. */
import type { TestService } from './test-service.js';
import { Visitor, type Answer, type AskOptions } from './visitor.js';

/** Endpoints whose JSON shows a session token to the one who holds it. */
const tokenEndpoints =
  /^\/api\/auth\/(?:sign-in\/email|sign-up\/email|get-session|list-sessions|change-password)(?:\?|$)/;

export class Canaries {
  /** A telling part of a planted value → what it is a part of. */
  private readonly parts = new Map<string, string>();

  /** Remembers a value: whole, and by its first characters, where a text may have been cut. */
  plant(what: string, value: string): void {
    for (const form of [value, encodeURIComponent(value)]) {
      this.parts.set(form, what).set(form.slice(0, 14), what);
    }
  }

  /** Remembers a session cookie as its token and its signature. */
  plantCookie(value: string): void {
    const [token = '', signature = ''] = decodeURIComponent(value).split('.');
    this.plant('session token', token);
    if (signature !== '') this.plant('session signature', signature);
  }

  /** What of the planted is in the text, a canary each. */
  foundIn(text: string): string[] {
    return [
      ...new Set([...this.parts].filter(([part]) => text.includes(part)).map(([, what]) => what)),
    ];
  }
}

/** A visitor whose password, e-mail and cookies are canaries, and whose every answer is looked through. */
export class CanaryVisitor extends Visitor {
  /** `path: canary` for each canary that an answer held and should not have. */
  readonly leaks: string[] = [];

  constructor(
    service: Pick<TestService, 'url'>,
    private readonly canaries: Canaries,
  ) {
    super(service);
    canaries.plant('password', this.password);
    canaries.plant(`e-mail of ${this.ip}`, this.email);
    canaries.plant('other cookie', 'zqCookieCanary7x');
    this.cookies.set('theme', 'zqCookieCanary7x');
  }

  override async ask(path: string, options?: AskOptions): Promise<Answer> {
    const answer = await super.ask(path, options);
    for (const line of answer.setCookies) {
      const value = /session_token=([^;]+)/.exec(line)?.[1];
      if (value !== undefined) this.canaries.plantCookie(value);
    }
    const isOwn = this.cookies.size > 1 || answer.setCookies.length > 0;
    const allowed = new Set([
      ...(isOwn ? [`e-mail of ${this.ip}`] : []),
      ...(tokenEndpoints.test(path) ? ['session token'] : []),
    ]);
    const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie');
    const seen = new Set([
      ...this.canaries.foundIn(JSON.stringify(headers)),
      ...this.canaries.foundIn(answer.text).filter((what) => !allowed.has(what)),
    ]);
    for (const what of seen) this.leaks.push(`${path}: ${what}`);
    return answer;
  }
}
