/** Sign-in requests like a page's, each from a new address, because the service's rate limits stay enabled. */
import type { Request } from 'autocannon';
import { clientIpHeader, origin } from './contender.js';

let visitors = 0;

export function signInRequest(email: string, password: string): Request {
  return {
    method: 'POST',
    path: '/api/auth/sign-in/email',
    body: JSON.stringify({ email, password }),
    setupRequest(request) {
      visitors += 1;
      const address = `10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}`;
      const headers = { origin, 'content-type': 'application/json', [clientIpHeader]: address };
      return { ...request, headers: { ...request.headers, ...headers } };
    },
  };
}

/** A sign-in with a wrong password. */
export function guess(email: string): Request {
  return signInRequest(email, 'a guess, one of very many');
}
