/** The client address stored with a session and used for limits: never one that the client claims (ASVS 4.1.3). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, testIpHeader, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const claims = {
  'x-forwarded-for': '203.0.113.1',
  'x-real-ip': '203.0.113.2',
  forwarded: 'for=203.0.113.3',
  'x-auth-service-client-ip': '203.0.113.4',
  'x-client-ip': '203.0.113.5',
  'cf-connecting-ip': '203.0.113.6',
  'true-client-ip': '203.0.113.7',
  [testIpHeader]: '203.0.113.8',
};
const socket = '127.0.0.1';

/** The address that the service stored with the session of a sign-up with these headers. */
async function addressSeen(
  service: TestService,
  headers: Record<string, string>,
): Promise<unknown> {
  const { email, password } = new Visitor(service);
  // Not sent by the Visitor class, which would add its own address header.
  const answer = await fetch(`${service.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: {
      origin: 'http://localhost:3000',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ name: 'A', email, password }),
  });
  expect(answer.status).toBe(200);
  const [row] = await testDatabase.query(
    'select ip_address from session join "user" u on u.id = user_id where email = $1',
    [email],
  );
  await testDatabase.query('delete from rate_limit'); // these tests are about the address, not about limits
  return row?.ip_address;
}

interface Deployment {
  readonly env: Record<string, string>;
  /** Description, headers, and the expected address. */
  readonly believed: readonly (readonly [string, Record<string, string>, string])[];
}

const deployments: Record<string, Deployment> = {
  'where no header is named': {
    env: { CLIENT_IP_HEADER: '' },
    believed: [
      ['nothing', {}, socket],
      ...Object.entries(claims).map(([name, value]) => [name, { [name]: value }, socket] as const),
      ['every claim', claims, socket],
    ],
  },
  'with CLIENT_IP_HEADER=X-Forwarded-For': {
    env: { CLIENT_IP_HEADER: 'X-Forwarded-For' },
    believed: [
      ['every claim', claims, '203.0.113.1'],
      ['a list', { 'x-forwarded-for': '203.0.113.1, 198.51.100.9' }, '198.51.100.9'],
      ['a list that ends in a word', { 'x-forwarded-for': '198.51.100.9, unknown' }, socket],
      ['a word', { 'x-forwarded-for': 'nonsense' }, socket],
      ['every claim, this one empty', { ...claims, 'x-forwarded-for': '' }, socket],
      ['only x-real-ip', { 'x-real-ip': '203.0.113.2' }, socket],
    ],
  },
  'with CLIENT_IP_HEADER=cf-connecting-ip': {
    env: { CLIENT_IP_HEADER: 'cf-connecting-ip' },
    believed: [
      ['every claim', claims, '203.0.113.6'],
      ['every claim, this one a word', { ...claims, 'cf-connecting-ip': 'nonsense' }, socket],
      ['only x-forwarded-for', { 'x-forwarded-for': '203.0.113.1' }, socket],
    ],
  },
  'on Vercel, which overwrites x-real-ip': {
    env: { CLIENT_IP_HEADER: '', VERCEL: '1' },
    believed: [
      ['every claim', claims, '203.0.113.2'],
      ['only x-forwarded-for', { 'x-forwarded-for': '203.0.113.1' }, socket],
    ],
  },
  "on Vercel behind one's own proxy, with CLIENT_IP_HEADER=cf-connecting-ip": {
    env: { CLIENT_IP_HEADER: 'cf-connecting-ip', VERCEL: '1' },
    believed: [['every claim', claims, '203.0.113.6']],
  },
};

describe.each(Object.entries(deployments))('%s', (_title, { env, believed }) => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ env, testDatabase });
  });
  afterAll(() => service.stop());

  test.each(believed)(
    'a client that sends %s is identified by the correct address',
    async (_what, headers, address) => {
      expect(await addressSeen(service, headers)).toBe(address);
    },
  );
});
