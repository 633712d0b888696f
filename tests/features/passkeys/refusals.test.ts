/** Each response that must not pass ends in its reason, in the answer, the log and the counter, and signs nobody in. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { createChallenges } from '../../../src/features/passkeys/auth/challenges.js';
import { reasons, type PasskeyReasonName } from '../../../src/features/passkeys/reasons.js';
import { SoftwareAuthenticator, type Tampering } from '../../support/software-authenticator.js';
import { testSecret, type TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';
import { enrol, enrolOptions, paths, signIn, signInOptions } from './ceremony.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';

let service: TestService;
let visitor: Visitor;
let authenticator: SoftwareAuthenticator;
useVisitor((started) => ({ service, visitor } = started), {
  env: {
    PASSKEYS: 'on',
    RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
    DIAGNOSTICS_TOKEN: diagnosticsToken,
  },
});
beforeEach(async () => {
  authenticator = new SoftwareAuthenticator();
  expect((await enrol(visitor, authenticator)).status).toBe(200);
});

const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: testSecret },
  previous: [],
} as const;

/** The challenge of a clock that is off by this many milliseconds. */
const challengeAt = (purpose: 'verify' | 'enrol', offsetMs: number) =>
  Buffer.from(
    createChallenges(keyRing, () => new Date(Date.now() + offsetMs)).issue(purpose),
  ).toString('base64url');

async function counted(reason: string): Promise<number> {
  const { text } = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': diagnosticsToken },
  });
  return Number(new RegExp(`auth_passkeys_total\\{result="${reason}"\\} (\\d+)`).exec(text)?.[1]);
}

/** @param act what is refused */
async function expectRefusal(reason: PasskeyReasonName, act: () => Promise<Answer>): Promise<void> {
  const before = await counted(reason);
  const answer = await act();
  const { status, message, fix } = reasons[reason];
  expect(answer.json).toMatchObject({ code: reason.toUpperCase(), message, reason });
  expect(answer.status).toBe(status);
  expect(answer.setCookies).toEqual([]);
  expect(answer.json?.requestId).toBe(answer.headers.get('x-request-id'));
  const line = await service.logLine(
    ({ msg, requestId }) => msg === 'passkey refused' && requestId === answer.json?.requestId,
  );
  expect(line).toMatchObject({ level: 'info', reason, hint: fix });
  expect(await counted(reason)).toBe(before + 1);
}

describe('sign-in', () => {
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
    await expectRefusal(reason, () => signIn(browser, authenticator, tampering));
    expect((await browser.ask('/session')).status).toBe(401);
  });

  test('a challenge is used once, also by requests at the same time', async () => {
    const browser = new Visitor(service);
    const response = authenticator.get(await signInOptions(browser));
    const send = () => new Visitor(service).ask(paths.signIn, { body: { response } });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    await expectRefusal('challenge_used', send);
  });

  test('the challenge of a changed secret is unknown', () => {
    const other = { ...keyRing, current: { version: 1, value: `another ${testSecret}` } };
    const text = challengeAt('verify', 0);
    expect(createChallenges(other, () => new Date()).read(text, 'verify')).toBe(
      'challenge_unknown',
    );
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
    await expectRefusal('passkey_unknown', () => signIn(browser, stranger));
  });

  test('a user whose handle differs cannot use the passkey of another', async () => {
    const other = new Visitor(service);
    await other.signUp();
    const { user } = await enrolOptions(other);
    await expectRefusal('passkey_user_mismatch', () =>
      signIn(new Visitor(service), authenticator, { userHandle: user.id }),
    );
  });

  test('a made-up response with a low counter is a wrong signature, not a copy', async () => {
    await expectRefusal('passkey_signature_wrong', () =>
      signIn(new Visitor(service), authenticator, { flipSignature: true, counter: 1 }),
    );
  });

  const ways: [string, (response: ReturnType<SoftwareAuthenticator['get']>) => unknown][] = [
    ['null', () => null],
    ['text', () => 'a response'],
    ['a list', () => []],
    ['no inner response', ({ response: _response, ...rest }) => rest],
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
    await expectRefusal('passkey_response_invalid', () =>
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
});

describe('adding', () => {
  const tampered: [string, PasskeyReasonName, Tampering][] = [
    ['the hash of another domain', 'passkey_rp_mismatch', { rpId: 'example.com' }],
    ['another origin', 'passkey_origin_mismatch', { origin: 'https://phishing.example' }],
    ['a frame of another origin', 'passkey_in_frame', { crossOrigin: true }],
    ['no user verification', 'passkey_user_not_verified', { userVerified: false }],
    ['an unknown challenge', 'challenge_unknown', { challenge: 'c'.repeat(95) }],
    ['an expired challenge', 'challenge_expired', { challenge: challengeAt('enrol', -600_001) }],
    ['a challenge to sign in', 'challenge_unknown', { challenge: challengeAt('verify', 0) }],
    ['a challenge of no user', 'challenge_of_other_user', { challenge: challengeAt('enrol', 0) }],
    ['truncated CBOR', 'passkey_response_invalid', { truncateTo: 60 }],
    ['one byte of CBOR', 'passkey_response_invalid', { truncateTo: 1 }],
    [
      'a self attestation with a flipped signature',
      'passkey_attestation_invalid',
      { attestation: 'packed', flipSignature: true },
    ],
  ];

  test.each(tampered)('%s is refused: %s', async (_what, reason, tampering) => {
    await expectRefusal(reason, () => enrol(visitor, new SoftwareAuthenticator(), tampering));
    expect((await visitor.ask(paths.list)).json).toHaveLength(1);
  });

  test('a passkey of another account is refused', async () => {
    const other = new Visitor(service);
    await other.signUp();
    const response = new SoftwareAuthenticator().create(await enrolOptions(other));
    await expectRefusal('challenge_of_other_user', () =>
      visitor.ask(paths.enrol, { body: { response } }),
    );
  });

  test('the same passkey cannot be added twice, nor to two accounts', async () => {
    const cloned = new SoftwareAuthenticator();
    const options = await enrolOptions(visitor);
    const response = cloned.create(options);
    expect((await visitor.ask(paths.enrol, { body: { response } })).status).toBe(200);
    await expectRefusal('challenge_used', () => visitor.ask(paths.enrol, { body: { response } }));
    // The same credential with a new challenge: without attestation nothing is signed.
    const { challenge } = await enrolOptions(visitor);
    const clientDataJSON = encode({
      type: 'webauthn.create',
      challenge,
      origin: 'http://localhost:3000',
    });
    await expectRefusal('passkey_already_registered', () =>
      visitor.ask(paths.enrol, {
        body: { response: { ...response, response: { ...response.response, clientDataJSON } } },
      }),
    );
  });

  test('an id that is not the attested one is refused', async () => {
    const response = new SoftwareAuthenticator().create(await enrolOptions(visitor));
    const id = createHash('sha256').update('another').digest('base64url');
    await expectRefusal('passkey_response_invalid', () =>
      visitor.ask(paths.enrol, { body: { response: { ...response, id, rawId: id } } }),
    );
  });

  test('a session whose last proof is older than ten minutes gets no options', async () => {
    await service.database.query(
      `update session set proven_at = now() - interval '10 minutes'
       from "user" u where u.id = user_id and u.email = $1`,
      [visitor.email],
    );
    const answer = await visitor.ask(paths.enrolOptions);
    expect(answer.status).toBe(403);
    expect(answer.json?.code).toBe('SESSION_NOT_FRESH');
    const [row] = (await visitor.ask(paths.list)).json as unknown as { id: string }[];
    const removal = await visitor.ask(paths.remove, { body: { id: row?.id } });
    expect(removal.status).toBe(403);
  });

  test('an account has at most twenty', async () => {
    await service.database.query(
      `insert into passkey (id, user_id, credential_id, public_key, counter, device_type,
         backed_up, transports, aaguid, created_at)
       select u.id || n, u.id, u.id || n, 'x', 0, 'singleDevice', false, '', '', now()
       from "user" u, generate_series(1, 19) n where email = $1`,
      [visitor.email],
    );
    await expectRefusal('passkey_limit_reached', () => enrol(visitor, new SoftwareAuthenticator()));
  });
});

function withInner(changed: object) {
  return (whole: ReturnType<SoftwareAuthenticator['get']>) => ({
    ...whole,
    response: { ...whole.response, ...changed },
  });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
