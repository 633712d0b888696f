/** Stories of sign-ins at identity providers. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectReason, expectStory, firefox } from '../../../support/explain.js';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../../support/redirect-visitor.js';
import type { Answer, AskOptions } from '../../../support/visitor.js';

let service: RedirectService;
let user: Person;

class Person extends RedirectVisitor {
  override ask(path: string, options: AskOptions = {}): Promise<Answer> {
    return super.ask(path, {
      ...options,
      headers: { 'user-agent': firefox, ...options.headers },
    });
  }
}

beforeAll(async () => {
  service = await startRedirectService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  service.provider.bends = {};
  user = new Person(service);
  const answer = await user.signInWithProvider();
  expect(answer.status, answer.text).toBe(200);
  await user.signOut();
  user.cookies.clear();
});

const of = ({ email }: { readonly email: string }) => ({ email });

test('a user who has only a provider', async () => {
  await user.signIn();
  const { diagnosis } = await expectStory(service, 'a user who has only a provider', of(user));
  expect(diagnosis.sentence).toContain('its logins are at test');
});

test('a visitor who cancelled at the provider', async () => {
  service.provider.bends = {
    callback(parameters) {
      parameters.delete('code');
      parameters.set('error', 'access_denied');
    },
  };
  const { error } = await user.walk(newVerifier().challenge);
  expect(error).toBe('access_denied');
  const { diagnosis } = await expectStory(
    service,
    'a visitor who cancelled at the provider',
    of(user),
  );
  expect(diagnosis.sentence).toContain('the visitor cancelled');
});

test('a provider that does not answer', async () => {
  service.provider.bends = { drop: 'token' };
  const { error } = await user.walk(newVerifier().challenge);
  expect(error).toBe('provider_unreachable');
  await expectStory(service, 'a provider that does not answer', of(user));
});

test('a code of a sign-in that was redeemed before', async () => {
  const { verifier, challenge } = newVerifier();
  const { code } = await user.walk(challenge);
  expect((await user.redeem(code, verifier)).status).toBe(200);
  await user.signOut();
  user.cookies.clear();
  expect((await user.redeem(code, verifier)).status).toBe(400);
  await expectStory(service, 'a code of a sign-in that was redeemed before', of(user));
});

test.each([
  [
    'provider_sign_in client_secret_wrong',
    { answer: { step: 'token', status: 401, body: '{"error":"invalid_client"}' } },
  ],
  [
    'provider_sign_in provider_error',
    { answer: { step: 'token', status: 500, body: 'out of order' } },
  ],
  ['provider_sign_in id_token_invalid', { unknownKey: true }],
  [
    'provider_sign_in redirect_uri_mismatch',
    {
      callback(parameters: URLSearchParams) {
        parameters.delete('code');
        parameters.set('error', 'redirect_uri_mismatch');
      },
    },
  ],
] as const)('%s', async (name, bends) => {
  service.provider.bends = bends;
  await user.walk(newVerifier().challenge);
  await expectReason(service, name, of(user));
});

test('provider_sign_in verifier_wrong', async () => {
  const { code } = await user.walk(newVerifier().challenge);
  expect((await user.redeem(code, newVerifier().verifier)).status).toBe(400);
  await expectReason(service, 'provider_sign_in verifier_wrong', of(user));
});
