/** The library for WebAuthn works in the bundle of `npm run build`, which is what runs in production. */
import { expect, test } from 'vitest';
import { freePort } from '../../../src/dev/free-port.js';
import { startServer } from '../../support/child-process.js';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import { createTestDatabase } from '../../support/test-database.js';
import { testEnvironment } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, signIn } from './ceremony.js';

test('the built service adds a passkey and signs in with it', async () => {
  const database = await createTestDatabase();
  const port = await freePort();
  const server = startServer({
    ...(testEnvironment as Record<string, string>),
    DATABASE_URL: database.url,
    PORT: String(port),
    PASSKEYS: 'on',
  });
  try {
    await server.logLine(({ msg }) => msg === 'listening');
    const service = { url: `http://127.0.0.1:${port}` };
    const visitor = new Visitor(service);
    const authenticator = new SoftwareAuthenticator();
    expect((await visitor.signUp()).status).toBe(200);
    expect((await enrol(visitor, authenticator, { attestation: 'packed' })).status).toBe(200);
    expect((await signIn(new Visitor(service), authenticator)).status).toBe(200);
  } finally {
    await server.stop();
    await database.drop();
  }
});
