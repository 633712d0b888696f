/** A build deployed without its folder drizzle/ is reported as such, not as a database or certificate fault. */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { explainUnavailable } from '../../src/db/unavailable.js';
import { BuildIncompleteError } from '../../src/db/migrations.js';
import { spawnCommand } from '../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'auth-service-incomplete-'));
  const built = inject('builtFolder');
  await cp(join(built, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) {
    await symlink(join(built, name), join(folder, name));
  }
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function run(file: string) {
  const env = { ...testEnvironment, DATABASE_URL: database.url, PORT: '0' };
  return spawnCommand(process.execPath, [join(folder, file)], { cwd: folder, env });
}

test('npm start refuses to start and names the folder', async () => {
  const server = run('dist/server.js');
  expect(await server.exit).toBe(1);
  const lines = server.stdout().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'fatal', code: 'BUILD_INCOMPLETE', msg: /^drizzle\/.* deploy the folder drizzle\// },
  ]);
  expect(server.stdout()).not.toContain('CERTIFICATE');
});

test('npm run db:migrate names the folder and not the URL', async () => {
  const migrate = run('dist/db/migrate-command.js');
  expect(await migrate.exit).toBe(1);
  expect(migrate.stderr()).toMatch(/^not migrated, nothing was changed: drizzle\/.* drizzle\//);
  expect(migrate.stderr()).not.toContain('DATABASE_URL');
});

test('a running deployment reports it with its own code', () => {
  expect(explainUnavailable(new BuildIncompleteError('gone'))).toMatchObject({
    code: 'BUILD_INCOMPLETE',
  });
});
