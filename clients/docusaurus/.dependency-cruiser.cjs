/**
 * The plugin's import rules, checked by `npm run check:imports`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'type imports count: two modules that need each other are one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'browser-code-never-imports-the-plugin',
      comment: 'src/index.ts runs in Node while the site is built, and is not bundled',
      severity: 'error',
      from: { path: '^src/(client|theme)/' },
      to: { path: '^src/index\\.ts$', preCompilationOnly: false },
    },
    {
      name: 'browser-code-never-imports-node',
      comment: "Docusaurus's bundle has no polyfills for Node's modules",
      severity: 'error',
      from: { path: '^src/(client|theme|auth-url|options|protected-paths)' },
      to: { dependencyTypes: ['core'], preCompilationOnly: false },
    },
    {
      name: 'the-plugin-never-imports-browser-code',
      comment: 'it would load React and BetterAuth while the site is built',
      severity: 'error',
      from: { path: '^src/[^/]+$' },
      to: { path: '^src/(client|theme)/' },
    },
    {
      name: 'components-use-the-public-entry',
      comment: 'an ejected component is copied into the site, where no relative path resolves',
      severity: 'error',
      from: { path: '^src/theme/' },
      to: { path: '^src/', pathNot: '^src/client/index\\.ts$' },
    },
    {
      name: 'one-importer-of-better-auth',
      comment: 'half of what the plugin adds to a page is its client',
      severity: 'error',
      from: { pathNot: '^src/client/auth-client\\.ts$' },
      to: { path: '(^|node_modules/)(better-auth|@better-auth|better-call)/' },
    },
    {
      name: 'one-importer-of-simplewebauthn',
      comment: 'it is loaded with the first ceremony: a second importer would add it to every page',
      severity: 'error',
      from: { pathNot: '^src/client/factors/webauthn\\.ts$' },
      to: { path: '(^|node_modules/)@simplewebauthn/' },
    },
    {
      name: 'one-importer-of-altcha',
      comment: 'it is loaded with the first captcha: a second importer would add it to every page',
      severity: 'error',
      from: { pathNot: '^src/client/captcha/solve-altcha\\.ts$' },
      to: { path: '(^|node_modules/)altcha-lib' },
    },
  ],
  options: require('../../.dependency-cruiser.cjs').options,
};
