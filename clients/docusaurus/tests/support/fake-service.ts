/** A fake of the auth service behind `fetch`: one user, sessions by token, and failures on demand. */
import { createFakeFactors, type FakeFactors } from './fake-factors.js';
import { redeemCode, type FakeCode } from './fake-redirect.js';

export interface FakeService {
  readonly fetch: typeof globalThis.fetch;
  /** The requested paths, in order. */
  readonly requests: string[];
  /** The last body sent to a path. */
  readonly bodies: Map<string, Record<string, unknown>>;
  /** How it behaves from now on. */
  mode: 'up' | 'down' | 'html' | 'database-down' | 'gateway-error';
  /** Whether the browser stores the cookie and sends it back. */
  storesCookie: boolean;
  /** Whether the account of the user has a password. */
  hasPassword: boolean;
  /** Responses that override those of a path, such as `/sign-in/email`, until removed. */
  readonly refuse: Map<string, Refusal>;
  /** Who signs in. */
  user: typeof user & { readonly emailVerified?: boolean };
  /** What it offers; undefined as an older service, which has no such route. */
  features?: Readonly<Record<string, unknown>>;
  /** Mailed links by token: what redeeming each answers, until it is used up. */
  readonly links: Map<string, Refusal | 'valid'>;
  readonly factors: FakeFactors;
  /** Codes of visits to a provider, until they are redeemed. */
  readonly codes: Map<string, FakeCode>;
  /** Linked providers and the password, as list-accounts has them. */
  accounts: { readonly id: string; readonly providerId: string; readonly createdAt: string }[];
  /** Another device signs in. */
  signInElsewhere(userAgent?: string): void;
  /** Whether the response to list-sessions is 401. */
  unauthorized?: boolean;
  /** Ends every session, as another device could. */
  endSessions(): void;
}

export interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const password = 'correct horse battery';
export const user = { id: 'u1', name: 'Ada Lovelace', email: 'ada@example.com' };

/**
 * @param issuesToken whether the operator enabled bearer tokens
 */
export function createFakeService({ storesCookie = true, issuesToken = false } = {}): FakeService {
  const sessions = new Map<string, string>();
  let name = user.name;
  let profile: object | undefined;
  let isDeleted = false;
  let cookie: string | undefined;
  let count = 0;

  function signIn(fields: object = {}): Response {
    const token = `t${(count += 1)}`;
    const due = service.factors.hold(token);
    if (!due) sessions.set(token, 'Firefox/153.0');
    if (service.storesCookie) cookie = token;
    return json(
      200,
      due ?? { token, user, ...fields },
      issuesToken ? { 'set-auth-token': `signed.${token}` } : {},
    );
  }

  function respond({ headers, credentials }: Request, path: string, body: Record<string, string>) {
    const bearer = headers.get('authorization')?.replace('Bearer signed.', '');
    const credential = bearer ?? (credentials === 'include' ? cookie : undefined);
    const isValid = credential !== undefined && sessions.has(credential);
    switch (path) {
      case '/sign-in/email': {
        if (body.password !== password || isDeleted)
          return json(401, { code: 'INVALID_EMAIL_OR_PASSWORD' });
        return signIn();
      }
      case '/features':
        return service.features
          ? json(200, { features: service.features })
          : json(404, { code: 'NOT_FOUND' });
      case '/request-password-reset':
      case '/sign-in/magic-link':
      case '/send-verification-email':
        return json(200, { status: true });
      case '/change-email':
        if (!isValid) return json(401, { code: 'UNAUTHORIZED' });
        if (service.hasPassword && body.password !== password)
          return json(400, { code: 'INVALID_PASSWORD' });
        return json(200, { status: true });
      case '/email-otp/send-verification-otp':
        return json(200, { success: true });
      case '/sign-in/email-otp': {
        if (body.otp !== '123456')
          return json(400, { code: 'CODE_WRONG', message: 'The code is wrong.' });
        return signIn();
      }
      case '/change-email/verify':
      case '/change-email/undo':
      case '/security-notices/not-me':
      case '/delete-user/verify': {
        const refusal = service.links.get(body.token ?? '');
        if (refusal === undefined) return json(400, { code: 'LINK_UNKNOWN' });
        const isProven = refusal !== 'valid' && body.password === password;
        if (refusal !== 'valid' && !isProven)
          return json(refusal.status, refusal.body, refusal.headers);
        service.links.set(body.token ?? '', { status: 400, body: { code: 'LINK_USED' } });
        if (path === '/delete-user/verify')
          return json(200, { success: true, message: 'User deleted' });
        if (path === '/change-email/verify') return json(200, { status: true, user });
        const resetToken = 'R'.repeat(43);
        service.links.set(resetToken, 'valid');
        return json(200, { status: true, resetToken });
      }
      case '/redirect/ticket':
        return isValid
          ? json(200, { ticket: 'the-ticket' })
          : json(401, { code: 'UNAUTHORIZED', reason: 'session_expired' });
      case '/redirect/prove':
        return json(200, { status: true });
      case '/redirect/redeem': {
        const { refusal, linked } = redeemCode(service.codes, body, isValid);
        if (refusal) return json(refusal.status, refusal.body);
        return signIn(linked ? { linked } : {});
      }
      case '/list-accounts':
        return isValid ? json(200, service.accounts) : json(401, { code: 'UNAUTHORIZED' });
      case '/unlink-account':
        service.accounts = service.accounts.filter(({ id }) => id !== body.accountId);
        return json(200, { status: true });
      case '/reset-password':
      case '/redirect/confirm':
      case '/magic-link/verify':
      case '/verify-email': {
        const link = service.links.get(body.token ?? '');
        if (link === undefined) return json(400, { code: 'LINK_UNKNOWN' });
        const isProven = link !== 'valid' && body.password === password;
        if (link !== 'valid' && !isProven) {
          const isWrong = body.password !== undefined;
          return isWrong
            ? json(400, { code: 'INVALID_PASSWORD' })
            : json(link.status, link.body, link.headers);
        }
        service.links.set(body.token ?? '', { status: 400, body: { code: 'LINK_USED' } });
        return signIn();
      }
      case '/sign-up/email':
        return json(200, { token: null, user });
      case '/get-session': {
        const pending = service.factors.reasonOf(credential);
        const reason = credential === undefined ? 'no_credential' : 'session_not_found';
        const metaHeaders = { 'x-session-reason': isValid ? 'valid' : (pending ?? reason) };
        if (!isValid && !pending) cookie = undefined;
        return json(
          200,
          isValid
            ? {
                user: { ...service.user, name, ...(profile && { profile }) },
                session: sessionOf([credential, sessions.get(credential) ?? '']),
              }
            : null,
          metaHeaders,
        );
      }
      case '/list-sessions':
        if (service.unauthorized) return json(401, { code: 'UNAUTHORIZED' });
        return json(200, [...sessions].map(sessionOf));
      case '/revoke-session':
        sessions.delete(body.token ?? '');
        return json(200, { status: true });
      case '/revoke-sessions':
        sessions.clear();
        return json(200, { status: true });
      case '/update-user':
        name = body.name ?? name;
        profile = { ...profile, ...(service.bodies.get(path)?.profile as object | undefined) };
        return json(200, { status: true });
      case '/delete-user':
        if (body.password !== password) return json(400, { code: 'INVALID_PASSWORD' });
        isDeleted = true;
        sessions.clear();
        return json(200, { success: true, message: 'User deleted' });
      case '/sign-out':
        if (credential !== undefined) sessions.delete(credential);
        service.factors.release(credential);
        cookie = undefined;
        return json(200, { success: true });
      default: {
        const isPending = service.factors.release(credential, false);
        const answer = service.factors.respond(path, body, { isValid, isPending });
        if (answer === 'proven') {
          if (credential !== undefined) sessions.delete(credential);
          service.factors.release(credential);
          service.factors.due = undefined;
          return signIn();
        }
        return answer ? json(answer.status, answer.body) : json(404, { code: 'NOT_FOUND' });
      }
    }
  }

  const service: FakeService = {
    user,
    requests: [],
    bodies: new Map(),
    storesCookie,
    hasPassword: true,
    mode: 'up',
    refuse: new Map(),
    links: new Map(),
    factors: createFakeFactors(),
    codes: new Map(),
    accounts: [],
    signInElsewhere: (userAgent = 'Chrome/156.0') =>
      void sessions.set(`t${(count += 1)}`, userAgent),
    endSessions: () => sessions.clear(),
    fetch(input, init) {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname.replace('/api/auth', '');
      service.requests.push(path);
      if (service.mode === 'down') return Promise.reject(new TypeError('Failed to fetch'));
      // A response without CORS headers is unreadable, but `no-cors` shows that one arrived.
      if (service.mode === 'gateway-error') {
        return init?.mode === 'no-cors'
          ? Promise.resolve(Response.error())
          : Promise.reject(new TypeError('Failed to fetch'));
      }
      if (service.mode === 'html') return Promise.resolve(page());
      if (service.mode === 'database-down')
        return Promise.resolve(json(503, { code: 'DATABASE_UNAVAILABLE' }, { 'retry-after': '5' }));
      const refusal = service.refuse.get(path);
      if (refusal) return Promise.resolve(json(refusal.status, refusal.body, refusal.headers));
      return request.text().then((text) => {
        const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
        service.bodies.set(path, body);
        return respond(request, path, body as Record<string, string>);
      });
    },
  };
  return service;
}

function sessionOf([token, userAgent]: readonly [token: string, userAgent: string]) {
  const now = new Date().toISOString();
  return {
    id: `id-${token}`,
    token,
    createdAt: now,
    updatedAt: now,
    expiresAt: now,
    userAgent,
  };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

function page(): Response {
  return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
}
