/** A database that somebody changed by hand, and what a service that starts on it tells of it. */
import type { Finding } from '../../src/config/finding.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { startTestService } from './test-service.js';
import { Visitor, type Answer } from './visitor.js';

const databases: TestDatabase[] = [];

/** For the end of a test file. */
export async function dropChanged(): Promise<void> {
  for (const database of databases.splice(0)) await database.drop();
}

export async function changedDatabase(change: string): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  await database.query(change);
  return database;
}

interface Seen {
  readonly answer: Answer;
  readonly findings: Finding[];
  readonly log: string;
}

/** What a service that starts on this database answers at /ready, and what it tells its operator. */
export async function look(testDatabase: TestDatabase): Promise<Seen> {
  const service = await startTestService({ testDatabase });
  const answer = await new Visitor(service).ask('/ready');
  await service.logStartupReport();
  await service.logLine(({ path }) => path === '/ready');
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  await service.stop();
  const all = startup.findings as Finding[];
  const findings = all.filter(({ variable }) => variable === 'DATABASE_URL');
  return { answer, findings, log: service.logText() };
}

export async function signUp(testDatabase: TestDatabase): Promise<number> {
  const service = await startTestService({ testDatabase });
  const visitor = new Visitor(service);
  const { status } = await visitor.signUp();
  await service.stop();
  return status;
}
