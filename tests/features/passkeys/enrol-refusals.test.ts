/** Each response that must not add a passkey ends in its reason. */
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { PasskeyReasonName } from '../../../src/features/passkeys/reasons.js';
import { SoftwareAuthenticator, type Tampering } from '../../support/software-authenticator.js';
import type { TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, enrolOptions, paths } from './ceremony.js';
import { challengeAt, encode, expectRefusal, refusalEnvironment } from './refusal.js';

let service: TestService;
let visitor: Visitor;
let authenticator: SoftwareAuthenticator;
useVisitor((started) => ({ service, visitor } = started), { env: refusalEnvironment });
beforeEach(async () => {
  authenticator = new SoftwareAuthenticator();
  expect((await enrol(visitor, authenticator)).status).toBe(200);
});

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
  await expectRefusal(service, reason, () =>
    enrol(visitor, new SoftwareAuthenticator(), tampering),
  );
  expect((await visitor.ask(paths.list)).json).toHaveLength(1);
});

test('a passkey of another account is refused', async () => {
  const other = new Visitor(service);
  await other.signUp();
  const response = new SoftwareAuthenticator().create(await enrolOptions(other));
  await expectRefusal(service, 'challenge_of_other_user', () =>
    visitor.ask(paths.enrol, { body: { response } }),
  );
});

test('the same passkey cannot be added twice, nor to two accounts', async () => {
  const cloned = new SoftwareAuthenticator();
  const options = await enrolOptions(visitor);
  const response = cloned.create(options);
  expect((await visitor.ask(paths.enrol, { body: { response } })).status).toBe(200);
  await expectRefusal(service, 'challenge_used', () =>
    visitor.ask(paths.enrol, { body: { response } }),
  );
  // The same credential with a new challenge: without attestation nothing is signed.
  const { challenge } = await enrolOptions(visitor);
  const clientDataJSON = encode({
    type: 'webauthn.create',
    challenge,
    origin: 'http://localhost:3000',
  });
  await expectRefusal(service, 'passkey_already_registered', () =>
    visitor.ask(paths.enrol, {
      body: { response: { ...response, response: { ...response.response, clientDataJSON } } },
    }),
  );
});

test('an id that is not the attested one is refused', async () => {
  const response = new SoftwareAuthenticator().create(await enrolOptions(visitor));
  const id = createHash('sha256').update('another').digest('base64url');
  await expectRefusal(service, 'passkey_response_invalid', () =>
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
  await expectRefusal(service, 'passkey_limit_reached', () =>
    enrol(visitor, new SoftwareAuthenticator()),
  );
});
