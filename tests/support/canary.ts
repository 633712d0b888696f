/** Values that must never leak (canaries), and visitors that use them. */
import type { TestService } from './test-service.js';
import { Visitor, type Answer, type AskOptions } from './visitor.js';

/** Endpoints whose JSON shows the caller's own session token. */
const tokenEndpoints =
  /^\/api\/auth\/(?:sign-in\/email|sign-up\/email|get-session|list-sessions|change-password)(?:\?|$)/;

export class Canaries {
  /** A recognisable part of a canary → what it is a part of. */
  private readonly parts = new Map<string, string>();

  /** Adds a value: as a whole, and its first characters, in case a text was truncated. */
  plant(what: string, value: string): void {
    for (const form of [value, encodeURIComponent(value)]) {
      this.parts.set(form, what).set(form.slice(0, 14), what);
    }
  }

  /** Adds the token and the signature of a session cookie. */
  plantCookie(value: string): void {
    const [token = '', signature = ''] = decodeURIComponent(value).split('.');
    this.plant('session token', token);
    if (signature !== '') this.plant('session signature', signature);
  }

  /** The canaries that the text contains. */
  foundIn(text: string): string[] {
    return [
      ...new Set([...this.parts].filter(([part]) => text.includes(part)).map(([, what]) => what)),
    ];
  }
}

/** A visitor whose password, e-mail and cookies are canaries, and whose responses are all searched. */
export class CanaryVisitor extends Visitor {
  /** `path: canary` for each canary that leaked in a response. */
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
      const device = /known_device=([^;]+)/.exec(line)?.[1];
      if (device !== undefined) this.canaries.plant('device cookie', device);
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
