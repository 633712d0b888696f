/** Adds passkeys and signs in with them over HTTP, as a page does. */
import { expect } from 'vitest';
import type {
  CreationOptions,
  RequestOptions,
  SoftwareAuthenticator,
  Tampering,
} from '../../support/software-authenticator.js';
import type { Answer, Visitor } from '../../support/visitor.js';

export const paths = {
  enrolOptions: '/api/auth/passkey/generate-register-options',
  enrol: '/api/auth/passkey/verify-registration',
  signInOptions: '/api/auth/passkey/generate-authenticate-options',
  signIn: '/api/auth/passkey/verify-authentication',
  list: '/api/auth/passkey/list-user-passkeys',
  rename: '/api/auth/passkey/update-passkey',
  remove: '/api/auth/passkey/delete-passkey',
} as const;

export async function enrolOptions(visitor: Visitor): Promise<CreationOptions> {
  const answer = await visitor.ask(paths.enrolOptions);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as unknown as CreationOptions;
}

export async function signInOptions(visitor: Visitor): Promise<RequestOptions> {
  const answer = await visitor.ask(paths.signInOptions);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as unknown as RequestOptions;
}

export async function enrol(
  visitor: Visitor,
  authenticator: SoftwareAuthenticator,
  tampering: Tampering = {},
  name?: string,
): Promise<Answer> {
  const response = authenticator.create(await enrolOptions(visitor), tampering);
  return visitor.ask(paths.enrol, { body: { response, name } });
}

export async function signIn(
  visitor: Visitor,
  authenticator: SoftwareAuthenticator,
  tampering: Tampering = {},
): Promise<Answer> {
  const response = authenticator.get(await signInOptions(visitor), tampering);
  return visitor.ask(paths.signIn, { body: { response } });
}
