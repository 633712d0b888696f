/** The auth service, as far as a page meets it: one user, sessions by token, and faults on demand. Over `fetch`. */

export interface FakeService {
  readonly fetch: typeof globalThis.fetch;
  /** The paths asked for, in order. */
  readonly asked: string[];
  /** How it behaves from now on. */
  mode: 'up' | 'down' | 'html' | 'database-down' | 'gateway-error';
  /** Whether the browser stores the cookie and sends it back. */
  storesCookie: boolean;
  /** What a path answers instead, such as `/sign-in/email`, until it is taken out again. */
  readonly refuse: Map<string, Refusal>;
  /** Another device signs in. */
  signInElsewhere(userAgent?: string): void;
  /** Whether a list of sessions is refused as it is without a sign-in. */
  unauthorized?: boolean;
  /** Ends every session, as another device would. */
  endSessions(): void;
}

interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const password = 'correct horse battery';
export const user = { id: 'u1', name: 'Ada Lovelace', email: 'ada@example.com' };

/**
 * @param givesToken whether the operator allowed bearer tokens
 */
export function createFakeService({ storesCookie = true, issuesToken = false } = {}): FakeService {
  const sessions = new Map<string, string>();
  let name = user.name;
  let isDeleted = false;
  let cookie: string | undefined;
  let count = 0;

  function answer({ headers, credentials }: Request, path: string, body: Record<string, string>) {
    const bearer = headers.get('authorization')?.replace('Bearer signed.', '');
    const credential = bearer ?? (credentials === 'include' ? cookie : undefined);
    const isValid = credential !== undefined && sessions.has(credential);
    switch (path) {
      case '/sign-in/email': {
        if (body.password !== password || isDeleted)
          return json(401, { code: 'INVALID_EMAIL_OR_PASSWORD' });
        const token = `t${(count += 1)}`;
        sessions.set(token, 'Firefox/153.0');
        if (service.storesCookie) cookie = token;
        return json(
          200,
          { token, user },
          issuesToken ? { 'set-auth-token': `signed.${token}` } : {},
        );
      }
      case '/sign-up/email':
        return json(200, { token: null, user });
      case '/get-session': {
        const reason = credential === undefined ? 'no_credential' : 'session_not_found';
        const told = { 'x-session-reason': isValid ? 'valid' : reason };
        if (!isValid) cookie = undefined;
        return json(
          200,
          isValid
            ? {
                user: { ...user, name },
                session: sessionOf([credential, sessions.get(credential) ?? '']),
              }
            : null,
          told,
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
        name = body.name ?? '';
        return json(200, { status: true });
      case '/delete-user':
        if (body.password !== password) return json(400, { code: 'INVALID_PASSWORD' });
        isDeleted = true;
        sessions.clear();
        return json(200, { success: true, message: 'User deleted' });
      case '/sign-out':
        if (credential !== undefined) sessions.delete(credential);
        cookie = undefined;
        return json(200, { success: true });
      default:
        return json(404, { code: 'NOT_FOUND' });
    }
  }

  const service: FakeService = {
    asked: [],
    storesCookie,
    mode: 'up',
    refuse: new Map(),
    signInElsewhere: (userAgent = 'Chrome/156.0') =>
      void sessions.set(`t${(count += 1)}`, userAgent),
    endSessions: () => sessions.clear(),
    fetch(input, init) {
      const request = new Request(input, init);
      const path = new URL(request.url).pathname.replace('/api/auth', '');
      service.asked.push(path);
      if (service.mode === 'down') return Promise.reject(new TypeError('Failed to fetch'));
      // A page may not read an error that carries no CORS headers; without wanting to read it, it arrives.
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
        const body = (text ? JSON.parse(text) : {}) as Record<string, string>;
        return answer(request, path, body);
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
