/** Each response that must not sign in ends in its reason. */
import { beforeEach, expect, test } from 'vitest';
import { createChallenges } from '../../../src/features/passkeys/auth/challenges.js';
import type { PasskeyReasonName } from '../../../src/features/passkeys/reasons.js';
import { SoftwareAuthenticator, type Tampering } from '../../support/software-authenticator.js';
import { testSecret, type TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, enrolOptions, paths, signIn, signInOptions } from './ceremony.js';
import { challengeAt, encode, expectRefusal, keyRing, refusalEnvironment } from './refusal.js';

let service: TestService;
let visitor: Visitor;
let authenticator: SoftwareAuthenticator;
useVisitor((started) => ({ service, visitor } = started), { env: refusalEnvironment });
beforeEach(async () => {
  authenticator = new SoftwareAuthenticator();
  expect((await enrol(visitor, authenticator)).status).toBe(200);
});

const tampered: [string, PasskeyReasonName, Tampering][] = [
  ['a flipped signature', 'passkey_signature_wrong', { flipSignature: true }],
  ['the hash of another domain', 'passkey_rp_mismatch', { rpId: 'example.com' }],
  ['another origin', 'passkey_origin_mismatch', { origin: 'https://phishing.example' }],
  ['another port', 'passkey_origin_mismatch', { origin: 'http://localhost:3002' }],
  ['a frame of another origin', 'passkey_in_frame', { crossOrigin: true }],
  ['no user verification', 'passkey_user_not_verified', { userVerified: false }],
  ['no user presence', 'passkey_user_not_verified', { userPresent: false }],
  ['an unknown challenge', 'challenge_unknown', { challenge: 'c'.repeat(95) }],
  ['an empty challenge', 'challenge_unknown', { challenge: '' }],
  ['an expired challenge', 'challenge_expired', { challenge: challengeAt('verify', -600_001) }],
  ['a challenge to add a passkey', 'challenge_unknown', { challenge: challengeAt('enrol', 0) }],
  ['a counter that went back', 'passkey_cloned', { counter: 1 }],
  ['a counter that stopped at 0', 'passkey_cloned', { counter: 0 }],
  ['the response of an enrolment', 'passkey_response_invalid', { type: 'webauthn.create' }],
  ['another user handle', 'passkey_user_mismatch', { userHandle: 'b'.repeat(43) }],
  ['a NUL in the user handle', 'passkey_user_mismatch', { userHandle: 'b%00' }],
];

test.each(tampered)('%s is refused: %s', async (_what, reason, tampering) => {
  const browser = new Visitor(service);
  await expectRefusal(service, reason, () => signIn(browser, authenticator, tampering));
  expect((await browser.ask('/session')).status).toBe(401);
});

test('a challenge is used once, also by requests at the same time', async () => {
  const browser = new Visitor(service);
  const response = authenticator.get(await signInOptions(browser));
  const send = () => new Visitor(service).ask(paths.signIn, { body: { response } });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  await expectRefusal(service, 'challenge_used', send);
});

test('the challenge of a changed secret is unknown', () => {
  const other = { ...keyRing, current: { version: 1, value: `another ${testSecret}` } };
  const text = challengeAt('verify', 0);
  expect(createChallenges(other, () => new Date()).read(text, 'verify')).toBe('challenge_unknown');
  const rotated = { ...other, previous: [keyRing.current] };
  expect(createChallenges(rotated, () => new Date()).read(text, 'verify')).toMatchObject({
    expiresAt: expect.any(Date) as Date,
  });
});

test('every changed bit of a challenge makes it unknown', () => {
  const bytes = Buffer.from(challengeAt('verify', 0), 'base64url');
  const challenges = createChallenges(keyRing, () => new Date());
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(challenges.read(changed.toString('base64url'), 'verify')).toBe('challenge_unknown');
  }
});

test('a passkey that was never added is unknown', async () => {
  const stranger = new SoftwareAuthenticator();
  const browser = new Visitor(service);
  stranger.create(await enrolOptions(visitor));
  await expectRefusal(service, 'passkey_unknown', () => signIn(browser, stranger));
});

test('a user whose handle differs cannot use the passkey of another', async () => {
  const other = new Visitor(service);
  await other.signUp();
  const { user } = await enrolOptions(other);
  await expectRefusal(service, 'passkey_user_mismatch', () =>
    signIn(new Visitor(service), authenticator, { userHandle: user.id }),
  );
});

test('a made-up response with a low counter is a wrong signature, not a copy', async () => {
  await expectRefusal(service, 'passkey_signature_wrong', () =>
    signIn(new Visitor(service), authenticator, { flipSignature: true, counter: 1 }),
  );
});

const ways: [string, (response: ReturnType<SoftwareAuthenticator['get']>) => unknown][] = [
  ['null', () => null],
  ['text', () => 'a response'],
  ['a list', () => []],
  ['no inner response', ({ id, rawId, type }) => ({ id, rawId, type })],
  ['a number as id', (whole) => ({ ...whole, id: 7, rawId: 7 })],
  ['two ids', (whole) => ({ ...whole, rawId: 'other' })],
  ['another type', (whole) => ({ ...whole, type: 'password' })],
  ['an id beyond 1023 bytes', (whole) => ({ ...whole, id: 'a'.repeat(1365) })],
  ['a signature with spaces', withInner({ signature: 'not base64url' })],
  ['an empty signature', withInner({ signature: '' })],
  ['client data that is no JSON', withInner({ clientDataJSON: 'AAAA' })],
  ['client data without an origin', withInner({ clientDataJSON: encode({ type: 'x' }) })],
  [
    'client data with a number as challenge',
    withInner({
      clientDataJSON: encode({
        type: 'webauthn.get',
        challenge: 1,
        origin: 'http://localhost:3000',
      }),
    }),
  ],
  ['truncated authenticator data', withInner({ authenticatorData: 'AAAA' })],
  ['an object as user handle', withInner({ userHandle: {} })],
];

test.each(ways)('%s is refused as invalid', async (_what, change) => {
  const browser = new Visitor(service);
  const response = change(authenticator.get(await signInOptions(browser)));
  await expectRefusal(service, 'passkey_response_invalid', () =>
    browser.ask(paths.signIn, { body: { response } }),
  );
});

test.each([
  ['a field of 100 kB', 'a'.repeat(100_000), [400, 413]],
  ['a NUL', 'a\0b', [400]],
  ['an unpaired surrogate', 'a\ud800', [400]],
])('%s is refused before it is read', async (_what, text, statuses) => {
  const browser = new Visitor(service);
  const response = authenticator.get(await signInOptions(browser));
  for (const field of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']) {
    const inner = { ...response.response, [field]: text };
    const answer = await browser.ask(paths.signIn, {
      body: { response: { ...response, response: inner } },
    });
    expect(statuses).toContain(answer.status);
  }
  expect((await browser.ask('/session')).status).toBe(401);
});

function withInner(changed: object) {
  return (whole: ReturnType<SoftwareAuthenticator['get']>) => ({
    ...whole,
    response: { ...whole.response, ...changed },
  });
}
