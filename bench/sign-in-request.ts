/** Sign-in and sign-up requests like a page's, each from a new address, because the service's rate limits stay enabled. */
import type { Request } from 'autocannon';
import { clientIpHeader, origin } from './contender.js';
import { isAboutUser, userOf, type LoadRequest } from './load.js';
import { password, type Member } from './seed.js';

let requests = 0;

/** A POST; `body` is called once per request, with its number. */
function post(path: string, body: (request: number) => object): Request {
  return {
    method: 'POST',
    path,
    setupRequest(request) {
      requests += 1;
      const address = `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
      const headers = { origin, 'content-type': 'application/json', [clientIpHeader]: address };
      return {
        ...request,
        body: JSON.stringify(body(requests)),
        headers: { ...request.headers, ...headers },
      };
    },
  };
}

const signInPath = '/api/auth/sign-in/email';

/** A sign-in with a wrong password. */
export function guess(email: string): Request {
  return post(signInPath, () => ({ email, password: 'a guess, one of very many' }));
}

/** One sign-in per member. */
export function signIns(members: readonly Member[], path = signInPath): LoadRequest[] {
  return members.map(({ email, userId }) => ({
    ...post(path, () => ({ email, password })),
    isRight: isAboutUser(userId),
  }));
}

/** Sign-ups, each with a new e-mail address: as many requests as connections, because each connection needs one. */
export function signUps(path = '/api/auth/sign-up/email'): LoadRequest[] {
  return repeated({
    ...post(path, (n) => ({ name: 'Newcomer', email: newAddress(n), password })),
    isRight: (status, body) => status === 200 && /^newcomer-\d+@/.test(userOf(body)?.email ?? ''),
  });
}

/** fastapi-users takes a form, and answers 204 without a body. */
export function fastapiSignIns(members: readonly Member[]): LoadRequest[] {
  return members.map(({ email }) => ({
    method: 'POST',
    path: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: email, password }).toString(),
    isRight: (status) => status === 204,
  }));
}

/** fastapi-users creates the account without signing in. */
export function fastapiSignUps(): LoadRequest[] {
  return repeated({
    ...post('/register', (n) => ({ email: newAddress(n), password })),
    isRight: (status, body) => status === 201 && body.includes('"email":"newcomer-'),
  });
}

const maxConnections = 8;

const repeated = (request: LoadRequest) =>
  Array.from({ length: maxConnections }, () => ({ ...request }));

const newAddress = (request: number) => `newcomer-${request}@example.com`;
