/** Simulates a browser: stores cookies, sends an Origin, has its own address. */
import { randomBytes } from 'node:crypto';
import { testIpHeader, type TestService } from './test-service.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined if it is not JSON. */
  readonly json: Record<string, unknown> | null | undefined;
  readonly setCookies: string[];
}

export interface AskOptions {
  readonly method?: string;
  /** Sent as JSON; a string is sent unchanged. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** null sends none. */
  readonly origin?: string | null;
}

let visitors = 0;

export class Visitor {
  /** Cookie name → value as in the header. */
  readonly cookies = new Map<string, string>();
  readonly email = `visitor-${randomBytes(6).toString('hex')}@example.com`;
  readonly password = `pw-${randomBytes(9).toString('base64url')}`;
  readonly ip: string;

  constructor(
    private readonly service: Pick<TestService, 'url'>,
    private readonly origin = 'http://localhost:3000',
  ) {
    visitors += 1;
    // Each in a network of its own, as limits see it.
    this.ip = `10.${(process.pid >> 8) % 256}.${visitors % 256}.${visitors >> 8}`;
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** The session cookie's value as sent, still percent-encoded. */
  get sessionCookie(): string {
    for (const [name, value] of this.cookies) if (name.endsWith('session_token')) return value;
    throw new Error('this visitor holds no session cookie');
  }

  async ask(path: string, options: AskOptions = {}): Promise<Answer> {
    const { body, origin = this.origin } = options;
    const method = options.method ?? (body === undefined ? 'GET' : 'POST');
    const response = await fetch(this.service.url + path, {
      method,
      redirect: 'manual',
      headers: {
        [testIpHeader]: this.ip,
        ...(origin !== null && { origin }),
        ...(this.cookies.size > 0 && { cookie: this.cookieHeader }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) this.keep(line);
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parse(text),
      setCookies,
    };
  }

  signUp(): Promise<Answer> {
    const { email, password } = this;
    return this.ask('/api/auth/sign-up/email', { body: { name: 'A Visitor', email, password } });
  }

  signIn(password = this.password): Promise<Answer> {
    return this.ask('/api/auth/sign-in/email', { body: { email: this.email, password } });
  }

  signOut(): Promise<Answer> {
    return this.ask('/api/auth/sign-out', { body: {} });
  }

  getSession(): Promise<Answer> {
    return this.ask('/api/auth/get-session');
  }

  private keep(setCookie: string): void {
    const [pair = ''] = setCookie.split(';');
    const split = pair.indexOf('=');
    const name = pair.slice(0, split);
    if (/max-age=0/i.test(setCookie)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(split + 1));
  }
}

function parse(text: string): Answer['json'] {
  try {
    return JSON.parse(text) as Answer['json'];
  } catch {
    return undefined;
  }
}
