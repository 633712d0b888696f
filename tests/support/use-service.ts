/** Set-up that many test files share, as hooks: each starts something for the tests of a file, and stops it afterwards. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { createFaultyNetwork, type FaultyNetwork } from './faulty-network.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestService, type TestService, type TestServiceOptions } from './test-service.js';
import { Visitor } from './visitor.js';

interface ServiceWithVisitor {
  readonly service: TestService;
  readonly visitor: Visitor;
}

/** One service for the file, and a new signed-up visitor before each test. @param assign receives both before each test */
export function useVisitor(
  assign: (started: ServiceWithVisitor) => void,
  options: TestServiceOptions = {},
): void {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(options);
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    assign({ service, visitor: await signedUp(service) });
  });
}

/** One service for the file, and one signed-up visitor. @param assign receives both before the first test */
export function useServiceWithVisitor(
  assign: (started: ServiceWithVisitor) => void,
  options: TestServiceOptions = {},
): void {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService(options);
    assign({ service, visitor: await signedUp(service) });
  });
  afterAll(() => service.stop());
}

async function signedUp(service: TestService): Promise<Visitor> {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

export interface FaultyDatabase {
  readonly testDatabase: TestDatabase;
  /** Between the service and the database; pass its URL as DATABASE_URL. */
  readonly network: FaultyNetwork;
}

/** A database behind a network that can fail: one for the file, or a new one for each test. */
export function useFaultyDatabase(
  assign: (started: FaultyDatabase) => void,
  per: 'file' | 'test',
): void {
  let started: FaultyDatabase;
  const [before, after] = per === 'file' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    const testDatabase = await createTestDatabase();
    started = { testDatabase, network: await createFaultyNetwork(testDatabase.url) };
    assign(started);
  });
  // Hooks run in reverse order, so a service that the file stops in a later hook is stopped first.
  after(async () => {
    await started.network.close();
    await started.testDatabase.drop();
  });
}
